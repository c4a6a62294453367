// The page of a signed-in agent.

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { loadAgentData } from '../agent/agent-data.ts';
import type { Desktop } from '../agent/desktop.ts';
import { changeState } from '../agent/state.ts';
import * as view from '../agent/view.ts';
import type { User } from '../lib/model.ts';
import { page } from '../agent/team-view.ts';
import { Banner } from './banner.tsx';
import { CallList, hasCalls } from './calls.tsx';
import { FaultNote } from './fault.tsx';
import { HistoryCard } from './history.tsx';
import { Icon, Mark } from './icons.tsx';
import { LanguageSwitch } from './language.tsx';
import { Menu } from './menu.tsx';
import { PhoneBookCard } from './phonebook.tsx';
import { ReportButton } from './report.tsx';
import { RingSwitches } from './ring.tsx';
import { keyHint, Shortcuts, showShortcuts, useShortcuts } from './shortcuts.tsx';
import { StateCard } from './state-card.tsx';
import { TeamPage } from './team-page.tsx';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
}

export function DeskPage({ desktop, user }: Props): JSX.Element {
  useShortcuts();
  const main = useRef<HTMLElement>(null);
  // The form that had the focus is gone; from here the next Tab is the first thing to do.
  useEffect(() => main.current?.focus(), []);
  const team = user.isSupervisor && page.value === 'team';
  return (
    <div class="desk">
      <a class="skip" href="#state">
        {t('app.skip')}
      </a>
      <header class="top">
        <div class="top-brand">
          <Mark />
          <h1>{t('app.name')}</h1>
        </div>
        <AgentLine user={user} />
        {user.isSupervisor && <Nav />}
        <Presence />
        <SignOut desktop={desktop} user={user} />
      </header>
      <Banner />
      <main class={team ? 'team-main' : 'grid'} id="state" ref={main} tabIndex={-1}>
        {team ? <TeamPage desktop={desktop} user={user} /> : <Desk desktop={desktop} user={user} />}
      </main>
      <footer class="bottom">
        <button
          type="button"
          id="show-keys"
          {...keyHint('#show-keys')}
          class="button button-quiet"
          onClick={showShortcuts}
        >
          <Icon name="keyboard" />
          {t('keys.open')}
        </button>
        <RingSwitches desktop={desktop} />
        <ReportButton desktop={desktop} canSend={view.link.value.up} />
        <LanguageSwitch desktop={desktop} />
      </footer>
      <Shortcuts supervisor={user.isSupervisor} />
    </div>
  );
}

/** The agent's own work. */
function Desk({ desktop, user }: Props): JSX.Element {
  const fault = view.dataFault.value;
  const { session } = desktop;
  return (
    <>
      <div class="column">
        <StateCard desktop={desktop} user={user} compact={hasCalls(user)} />
        <CallList desktop={desktop} user={user} />
        <HistoryCard desktop={desktop} />
      </div>
      <div class="column">
        {fault !== undefined && session !== undefined && (
          <FaultNote fault={fault} extension={user.extension}>
            <p>
              {t('data.failed')}{' '}
              <button type="button" class="button" onClick={() => void loadAgentData(desktop, session)}>
                {t('data.retry')}
              </button>
            </p>
          </FaultNote>
        )}
        <PhoneBookCard desktop={desktop} user={user} />
      </div>
    </>
  );
}

/** A supervisor's choice of page. */
function Nav(): JSX.Element {
  const choice = (to: 'desk' | 'team'): JSX.Element => (
    <button
      type="button"
      {...(page.value === to ? {} : keyHint('.nav [aria-current=false]'))}
      aria-current={page.value === to ? 'page' : 'false'}
      onClick={() => {
        page.value = to;
      }}
    >
      {t(`nav.${to}`)}
    </button>
  );
  return (
    <nav class="nav languages" aria-label={t('nav.label')}>
      {choice('desk')}
      {choice('team')}
    </nav>
  );
}

function AgentLine({ user }: { readonly user: User }): JSX.Element {
  const name = `${user.firstName} ${user.lastName}`.trim() || user.id;
  return (
    <div class="who" role="group" aria-label={t('desk.agent')}>
      <strong>{name}</strong>
      <span class="quiet">
        {[
          user.id,
          t('desk.extension', { extension: user.extension }),
          user.mobile === undefined ? '' : t('desk.mobile', { number: user.mobile.dialNumber }),
          user.teamName,
        ]
          .filter((part) => part !== '')
          .join(' · ')}
      </span>
    </div>
  );
}

function Presence(): JSX.Element {
  const up = view.link.value.up;
  return (
    <span class="presence" data-up={up}>
      <span class="presence-dot" aria-hidden="true" />
      {t(up ? 'desk.connected' : 'desk.lost')}
    </span>
  );
}

function SignOut({ desktop, user }: { readonly desktop: Desktop; readonly user: User }): JSX.Element {
  const known = view.reasonsOf('LOGOUT');
  const codes = known ?? [];
  const possible = user.state === 'NOT_READY';
  const locked = !possible || view.asked.value !== undefined || !view.link.value.up || !view.inService.value;
  const inside = (
    <>
      <Icon name="exit" />
      {t('desk.signOut')}
    </>
  );
  return (
    <div class="sign-out" title={possible ? undefined : t('desk.signOutBusy')}>
      {codes.length > 0 ? (
        <Menu
          id="sign-out"
          className="button"
          label={t('desk.signOutReasons')}
          align="end"
          disabled={locked}
          choices={codes.map(({ id, label }) => ({ id, label }))}
          onChoose={(id) => void changeState(desktop, 'LOGOUT', id)}
        >
          {inside}
        </Menu>
      ) : (
        <button
          type="button"
          id="sign-out"
          {...keyHint('#sign-out')}
          class="button"
          disabled={locked || known === undefined}
          onClick={() => void changeState(desktop, 'LOGOUT')}
        >
          {inside}
        </button>
      )}
      {!possible && <span class="hidden">{t('desk.signOutBusy')}</span>}
    </div>
  );
}
