// One member of the team.

import type { JSX } from 'preact';
import { monitor } from '../agent/call-actions.ts';
import * as calls from '../agent/calls-view.ts';
import { memberPlace, statePlace } from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import { force } from '../agent/team.ts';
import * as team from '../agent/team-view.ts';
import * as view from '../agent/view.ts';
import { active, isConference, isMonitoring, role, shown } from '../lib/call.ts';
import type { User } from '../lib/model.ts';
import { groupOf } from '../lib/team.ts';
import { FaultNote } from './fault.tsx';
import { Icon, stateIcon } from './icons.tsx';
import { Menu, type Choice } from './menu.tsx';
import { nameInCall } from './names.ts';
import { stateName, t } from './text.ts';
import { Timer } from './timer.tsx';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
  readonly member: User;
  readonly onSignOut: () => void;
}

export function nameOfMember({ firstName, lastName, id }: User): string {
  return `${firstName} ${lastName}`.trim() || id;
}

export function MemberRow({ desktop, user, member, onSignOut }: Props): JSX.Element {
  const signedOut = groupOf(member.state) === 'signedOut';
  return (
    <>
      <tr data-state={member.state} data-member={member.id} class={signedOut ? 'member-out' : undefined}>
        <th scope="row">
          <span class="row-name">{nameOfMember(member)}</span>
          <span class="quiet">{[member.id, member.extension].filter((part) => part !== '').join(' · ')}</span>
        </th>
        <td>
          <span class="member-state">
            <Icon name={stateIcon(member.state)} />
            {stateName(member.state)}
          </span>
          <span class="quiet">
            {member.pendingState !== ''
              ? t('team.then', { state: stateName(member.pendingState) })
              : (member.reason?.label ?? '')}
          </span>
        </td>
        <td class="member-time">
          {!signedOut && (
            <Timer desktop={desktop} since={member.stateChangeTime} label={t('team.column.time')} />
          )}
        </td>
        <td>
          <MemberCall member={member} />
        </td>
        <td class="member-actions">
          {!signedOut && (
            <MemberActions desktop={desktop} user={user} member={member} onSignOut={onSignOut} />
          )}
        </td>
      </tr>
      {([memberPlace(member.id), statePlace(member.id)] as const).map((place, i) => {
        const fault = calls.faults.value.get(place);
        return fault === undefined ? null : (
          <tr key={place}>
            <td colSpan={5}>
              <FaultNote
                fault={fault}
                extension={member.extension}
                about={i === 0 ? 'call' : 'member'}
                onDismiss={() => calls.clearFault(place)}
              />
            </td>
          </tr>
        );
      })}
    </>
  );
}

/** With whom the member is on a call, from which queue. */
function MemberCall({ member }: { readonly member: User }): JSX.Element | null {
  const list = team.memberCalls.value.get(member.id) ?? [];
  const call = shown(list, member.extension).find((c) => !isMonitoring(c));
  if (call === undefined) return null;
  const what = role(call, member.extension);
  const words =
    what === 'passive' || what === 'over'
      ? ''
      : isConference(call, member.extension)
        ? t('call.kind.conference')
        : t(`call.role.${what}`);
  return (
    <>
      <span class="member-call">{nameInCall(call, member.extension)}</span>
      <span class="quiet">{[words, call.queueName].filter((part) => part !== '').join(' · ')}</span>
    </>
  );
}

function MemberActions({ desktop, user, member, onSignOut }: Props): JSX.Element {
  const name = nameOfMember(member);
  const under = calls.doing.value;
  const busy =
    under.has(memberPlace(member.id)) ||
    under.has(statePlace(member.id)) ||
    !view.link.value.up ||
    !view.inService.value;
  const own = active(calls.calls.value, user.extension);
  const listening =
    own !== undefined &&
    isMonitoring(own) &&
    own.participants.some(({ address }) => address === member.extension);
  const canListen = member.state === 'TALKING' && user.state === 'NOT_READY' && own === undefined;
  // What the rules of forced states allow: where a call is in the way, only signing out.
  const from = (...states: readonly string[]): boolean => states.includes(member.state);
  const choices: readonly Choice[] = [
    ...(from('NOT_READY', 'WORK', 'WORK_READY') ? [{ id: 'READY', label: t('team.makeReady') }] : []),
    ...(from('READY', 'WORK', 'WORK_READY') ? [{ id: 'NOT_READY', label: t('team.makeNotReady') }] : []),
    { id: 'LOGOUT', label: t('team.signOut') },
  ];
  return (
    <div class="member-buttons">
      {listening ? (
        <span class="member-listening">
          <Icon name="ear" />
          {t('team.listening')}
        </span>
      ) : (
        member.state === 'TALKING' && (
          <button
            type="button"
            class="button button-small"
            data-do="SILENT_MONITOR"
            aria-label={t('team.monitorOf', { name })}
            title={canListen ? undefined : t('team.monitorNeeds')}
            disabled={!canListen}
            aria-disabled={busy}
            onClick={() => {
              if (!busy) void monitor(desktop, member.id, member.extension);
            }}
          >
            <Icon name="ear" />
            {t('team.monitor')}
          </button>
        )
      )}
      <Menu
        id={`member-${member.id}`}
        className="button button-small"
        label={t('team.actionsOf', { name })}
        align="end"
        disabled={busy}
        choices={choices}
        onChoose={(id) => {
          if (id === 'LOGOUT') onSignOut();
          else void force(desktop, member, id === 'READY' ? 'READY' : 'NOT_READY');
        }}
      >
        {t('team.change')}
        <span class="hidden"> {name}</span>
      </Menu>
    </div>
  );
}
