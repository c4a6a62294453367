// A few choices as buttons, one of them pressed.

import type { JSX } from 'preact';
import { Icon } from './icons.tsx';

interface Props {
  /** What the choices are, in words or by the id of the element that says so. */
  readonly 'aria-label'?: string;
  readonly 'aria-labelledby'?: string;
  readonly does: string;
  readonly choices: readonly { readonly id: string; readonly label: string }[];
  readonly chosen: (choice: { readonly id: string; readonly label: string }) => boolean;
  /** Nothing can be chosen now; the buttons stay in reach. */
  readonly busy: boolean;
  readonly onChoose: (choice: { readonly id: string; readonly label: string }) => void;
}

export function Chips({ does, choices, chosen, busy, onChoose, ...label }: Props): JSX.Element {
  return (
    <div class="chips" role="group" {...label}>
      {choices.map((choice) => (
        <button
          type="button"
          key={choice.id}
          class="chip"
          data-do={does}
          aria-pressed={chosen(choice)}
          aria-disabled={busy}
          onClick={() => {
            if (!busy) onChoose(choice);
          }}
        >
          {chosen(choice) && <Icon name="check" />}
          {choice.label}
        </button>
      ))}
    </div>
  );
}
