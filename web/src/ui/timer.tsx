// A running time, by the server's clock, from the moment that the server named: every desktop shows the same.

import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import * as view from '../agent/view.ts';
import { formatDuration, isoDuration } from '../lib/clock.ts';

interface Props {
  readonly desktop: Desktop;
  /** When it began by the server's clock, ms since 1970; undefined when nobody says. */
  readonly since: number | undefined;
  readonly label: string;
  readonly className?: string;
}

export function Timer({ desktop, since, label, className }: Props): JSX.Element {
  const ms = since === undefined ? 0 : desktop.clock.at(view.now.value) - since;
  return (
    <time class={`timer ${className ?? ''}`} role="timer" dateTime={isoDuration(ms)} aria-label={label}>
      {since === undefined ? '–:––' : formatDuration(ms)}
    </time>
  );
}
