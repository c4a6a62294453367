// What an outbound call has come to: a choice of the agent, in a menu during the call and as buttons after it.

import type { JSX } from 'preact';
import { act } from '../agent/call-actions.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { actions } from '../lib/call.ts';
import type { Dialog } from '../lib/dialog.ts';
import type { User } from '../lib/model.ts';
import { isKey, type Key } from '../i18n/index.ts';
import { Chips } from './chips.tsx';
import { Icon } from './icons.tsx';
import { Menu } from './menu.tsx';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
  readonly call: Dialog;
}

const CLASSIFICATIONS = ['VOICE', 'ANS_MACHINE', 'BUSY', 'INVALID', 'FAX', 'DO_NOT_CALL'] as const;

const choices = (): readonly { readonly id: string; readonly label: string }[] =>
  CLASSIFICATIONS.map((id) => ({ id, label: t(`call.class.${id}` satisfies Key) }));

/** The words for what was chosen; empty before. */
export function outcomeName({ classification }: Dialog): string {
  const key = `call.class.${classification}`;
  return isKey(key) ? t(key) : classification;
}

function choose(desktop: Desktop, call: Dialog, id: string): void {
  void act(desktop, call, 'RECLASSIFY', { params: { outboundClassification: id } });
}

const isBusy = (call: Dialog): boolean => calls.doing.value.has(call.id) || !view.link.value.up;

export function OutcomeMenu({ desktop, user, call }: Props): JSX.Element {
  return (
    <Menu
      id={`reclassify-${user.id}-${call.id}`}
      className="button tile"
      label={t('call.do.RECLASSIFY')}
      disabled={isBusy(call)}
      choices={choices().map((choice) => ({ ...choice, current: call.classification === choice.id }))}
      onChoose={(id) => choose(desktop, call, id)}
    >
      <Icon name="report" />
      {t('call.do.RECLASSIFY')}
    </Menu>
  );
}

/** As buttons, one of them pressed; nothing where the server does not list it. */
export function Outcome({ desktop, user, call }: Props): JSX.Element | null {
  if (!actions(call, user.extension).includes('RECLASSIFY')) return null;
  return (
    <section class="wrap-up" aria-labelledby={`outcome-${call.id}`}>
      <h4 id={`outcome-${call.id}`}>{t('call.outcomeHeading')}</h4>
      <Chips
        aria-labelledby={`outcome-${call.id}`}
        does="RECLASSIFY"
        choices={choices()}
        chosen={({ id }) => call.classification === id}
        busy={isBusy(call)}
        onChoose={({ id }) => choose(desktop, call, id)}
      />
    </section>
  );
}
