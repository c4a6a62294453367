// The team, live: who is in which state for how long, on which call, and what a supervisor can do about it.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Desktop } from '../agent/desktop.ts';
import { force } from '../agent/team.ts';
import * as team from '../agent/team-view.ts';
import type { User } from '../lib/model.ts';
import { fold } from '../lib/search.ts';
import { GROUPS, groupOf, sorted, type Group, type Order } from '../lib/team.ts';
import { Icon } from './icons.tsx';
import { MemberRow, nameOfMember } from './team-row.tsx';
import { keyLetter } from './shortcuts.tsx';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
}

export function TeamTable({ desktop, user }: Props): JSX.Element {
  const query = useSignal('');
  const leaving = useSignal<User | undefined>(undefined);
  const all = team.members.value?.filter(({ id }) => id !== user.id);
  const words = fold(query.value.trim());
  const filter = team.group.value;
  const found = sorted(
    (all ?? []).filter(
      (member) =>
        (filter === undefined || groupOf(member.state) === filter) &&
        fold(`${nameOfMember(member)} ${member.id} ${member.extension}`).includes(words),
    ),
    team.order.value,
  );
  return (
    <section class="card team" aria-labelledby="team-heading">
      <div class="card-head team-head">
        <h2 id="team-heading">{teamName(user)}</h2>
        {user.teams.length > 1 && <TeamChoice user={user} />}
        <Groups members={all ?? []} />
        <div class="search search-inside team-search" {...keyLetter('#team-search')}>
          <Icon name="search" />
          <input
            type="search"
            id="team-search"
            aria-label={t('team.column.name')}
            placeholder={t('team.column.name')}
            autocomplete="off"
            value={query.value}
            onInput={(event) => {
              query.value = event.currentTarget.value;
            }}
          />
        </div>
      </div>
      {user.state !== 'NOT_READY' && user.state !== 'TALKING' && (
        <p class="quiet team-hint">{t('team.monitorNeeds')}</p>
      )}
      {all === undefined ? (
        <p class="quiet empty">{team.teamFault.value === undefined && t('team.loading')}</p>
      ) : found.length === 0 ? (
        <p class="quiet empty">{t(all.length === 0 ? 'team.empty' : 'team.noneOfGroup')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <Sortable order="name" label={t('team.column.name')} />
              <Sortable order="state" label={t('team.column.state')} />
              <Sortable order="time" label={t('team.column.time')} />
              <th scope="col">{t('team.column.call')}</th>
              <th scope="col">
                <span class="hidden">{t('team.column.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.map((member) => (
              <MemberRow
                key={member.id}
                desktop={desktop}
                user={user}
                member={member}
                onSignOut={() => {
                  leaving.value = member;
                }}
              />
            ))}
          </tbody>
        </table>
      )}
      {leaving.value !== undefined && (
        <ConfirmSignOut
          desktop={desktop}
          member={leaving.value}
          onClose={() => {
            leaving.value = undefined;
          }}
        />
      )}
    </section>
  );
}

function teamName(user: User): string {
  return user.teams.find(({ id }) => id === team.teamId.value)?.name || t('team.heading');
}

function TeamChoice({ user }: { readonly user: User }): JSX.Element {
  return (
    <select
      class="select"
      aria-label={t('team.choose')}
      value={team.teamId.value ?? ''}
      onChange={(event) => {
        team.teamId.value = event.currentTarget.value;
        team.members.value = undefined;
      }}
    >
      {user.teams.map(({ id, name }) => (
        <option key={id} value={id}>
          {name || id}
        </option>
      ))}
    </select>
  );
}

/** How many are in which state; each number shows only those. */
function Groups({ members }: { readonly members: readonly User[] }): JSX.Element {
  const count = (group: Group): number => members.filter(({ state }) => groupOf(state) === group).length;
  const chip = (group: Group | undefined, label: string, n: number): JSX.Element => (
    <button
      type="button"
      key={label}
      class="chip"
      data-group={group}
      aria-pressed={team.group.value === group}
      onClick={() => {
        team.group.value = team.group.value === group ? undefined : group;
      }}
    >
      {label} <span class="number">{n}</span>
    </button>
  );
  return (
    <div class="chips" role="group" aria-label={t('team.summary')}>
      {chip(undefined, t('team.all'), members.length)}
      {GROUPS.map((group) => chip(group, t(`team.group.${group}`), count(group)))}
    </div>
  );
}

function Sortable({ order, label }: { readonly order: Order; readonly label: string }): JSX.Element {
  const current = team.order.value === order;
  return (
    <th scope="col" aria-sort={current ? 'ascending' : 'none'}>
      <button
        type="button"
        class="sort"
        onClick={() => {
          team.order.value = order;
        }}
      >
        {label}
        {current && <Icon name="chevron" />}
      </button>
    </th>
  );
}

/** Signing somebody out closes a desktop that somebody works at, so it is asked twice. */
function ConfirmSignOut({
  desktop,
  member,
  onClose,
}: {
  readonly desktop: Desktop;
  readonly member: User;
  readonly onClose: () => void;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const name = nameOfMember(member);
  return (
    <dialog ref={dialog} class="card keys" aria-labelledby="confirm-heading" onClose={onClose}>
      <h2 id="confirm-heading">{t('team.confirmHeading', { name })}</h2>
      <p class="quiet">{t('team.confirmText', { name })}</p>
      <form method="dialog" class="confirm">
        <button type="submit" class="button">
          {t('form.cancel')}
        </button>
        <button type="submit" class="button button-end" onClick={() => void force(desktop, member, 'LOGOUT')}>
          {t('team.confirm')}
        </button>
      </form>
    </dialog>
  );
}
