// The supervisor's page: own state and calls in short, the queues, the team.

import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Desktop } from '../agent/desktop.ts';
import { closeTeam, openTeam } from '../agent/team.ts';
import * as team from '../agent/team-view.ts';
import type { User } from '../lib/model.ts';
import { CallList } from './calls.tsx';
import { FaultNote } from './fault.tsx';
import { Queues } from './queues.tsx';
import { StateCard } from './state-card.tsx';
import { TeamTable } from './team-table.tsx';
import { t } from './text.ts';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
}

export function TeamPage({ desktop, user }: Props): JSX.Element {
  const { session } = desktop;
  const watched = team.teamId.value ?? user.teams[0]?.id;
  useEffect(() => {
    if (session === undefined) return undefined;
    void openTeam(desktop, session, user.teams);
    return () => closeTeam(session);
  }, [session, watched]);
  const fault = team.teamFault.value;
  return (
    <>
      <StateCard desktop={desktop} user={user} compact />
      <CallList desktop={desktop} user={user} />
      {fault !== undefined && session !== undefined && (
        <FaultNote fault={fault} extension={user.extension}>
          <p>
            {t('team.failed')}{' '}
            <button type="button" class="button" onClick={() => void openTeam(desktop, session, user.teams)}>
              {t('data.retry')}
            </button>
          </p>
        </FaultNote>
      )}
      <Queues desktop={desktop} />
      <TeamTable desktop={desktop} user={user} />
    </>
  );
}
