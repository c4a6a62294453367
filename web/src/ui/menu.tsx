// A button that opens a list of choices, by mouse or keyboard: arrows move, Enter chooses, Escape closes and gives
// the focus back.

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { keyHint } from './shortcuts.tsx';

export interface Choice {
  readonly id: string;
  readonly label: string;
  /** Whether it is the one in force; leave it out where nothing is. */
  readonly current?: boolean;
}

interface Props {
  /** What stands on the button. */
  readonly children: ComponentChildren;
  /** The name of the list. */
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (id: string) => void;
  readonly className: string;
  readonly disabled?: boolean;
  /** The id of the button, for shortcuts. */
  readonly id: string;
  readonly align?: 'start' | 'end';
}

export function Menu({
  children,
  label,
  choices,
  onChoose,
  className,
  disabled,
  id,
  align,
}: Props): JSX.Element {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();

  const close = (refocus: boolean): void => {
    setOpen(false);
    if (refocus) button.current?.focus();
  };

  useEffect(() => {
    if (!open) return;
    const items = itemsOf(box.current);
    (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
    const outside = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = itemsOf(box.current);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = move(event.key, at, items.length);
    if (open && to !== undefined) {
      event.preventDefault();
      items[to]?.focus();
    } else if (open && (event.key === 'Escape' || event.key === 'Tab')) {
      if (event.key === 'Escape') event.preventDefault();
      close(true);
    } else if (!open && event.key === 'ArrowDown' && disabled !== true) {
      event.preventDefault();
      setOpen(true);
    }
  };

  return (
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        id={id}
        ref={button}
        class={className}
        disabled={disabled === true}
        {...keyHint(`#${id}`)}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        onClick={() => setOpen(!open)}
      >
        {children}
        <Icon name="chevron" />
      </button>
      {open && (
        <div id={listId} class={`menu-list menu-${align ?? 'start'}`} role="menu" aria-label={label}>
          {choices.map((choice) => (
            <button
              type="button"
              key={choice.id}
              role={choice.current === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={choice.current}
              tabIndex={-1}
              class="menu-item"
              onClick={() => {
                close(true);
                onChoose(choice.id);
              }}
            >
              <span>{choice.label}</span>
              {choice.current === true && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function itemsOf(box: HTMLElement | null): HTMLElement[] {
  return Array.from(box?.querySelectorAll<HTMLElement>('.menu-item') ?? []);
}

/** Where a key moves to in a list of `count`; undefined for keys that do not move. */
function move(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
