// The page: puts the desktop together, goes on where a reload interrupted it, and draws whatever phase it is in.

import { effect } from '@preact/signals';
import { render, type JSX } from 'preact';
import { chooseLanguage } from '../i18n/index.ts';
import '../ui/app.css';
import '../ui/lists.css';
import '../ui/login.css';
import '../ui/desk.css';
import '../ui/state-line.css';
import '../ui/calls.css';
import '../ui/call-forms.css';
import '../ui/team.css';
import { DeskPage } from '../ui/desk.tsx';
import { LoginPage, ResumePage } from '../ui/login.tsx';
import { language, stateName, t } from '../ui/text.ts';
import { Desktop } from './desktop.ts';
import { sayWhyAfter } from './gone.ts';
import { signIn } from './login.ts';
import { ringing, startRinging } from './ring.ts';
import * as view from './view.ts';

const transport = new URLSearchParams(location.search).get('transport') === 'bosh' ? 'bosh' : 'websocket';
const desktop = new Desktop(transport, window);
const remembered = desktop.memory.recall().language;
language.value = chooseLanguage([...(remembered === undefined ? [] : [remembered]), ...navigator.languages]);

function Page(): JSX.Element {
  const user = view.user.value;
  if (view.phase.value === 'in' && user !== undefined) return <DeskPage desktop={desktop} user={user} />;
  return view.resuming.value ? <ResumePage /> : <LoginPage desktop={desktop} />;
}

effect(() => {
  document.documentElement.lang = language.value;
});
effect(() => {
  const user = view.phase.value === 'in' ? view.user.value : undefined;
  const call = ringing.value;
  const first =
    call !== undefined ? call.title : user === undefined ? t('signin.heading') : stateName(user.state);
  document.title = `${first} · ${t('app.name')}`;
});
startRinging(desktop.memory);
setInterval(() => {
  view.now.value = Date.now();
}, 1000);

const expired = desktop.memory.expired(Date.now());
if (expired !== undefined) void sayWhyAfter(desktop, expired.credential, expired.stamp);
const credential = desktop.memory.credential(Date.now());
if (credential !== undefined) {
  view.resuming.value = true;
  void signIn(desktop, credential);
}

const root = document.getElementById('app');
if (root !== null) render(<Page />, root);
