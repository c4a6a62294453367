// The icons, drawn in the page so that nothing is loaded. They are ornaments: the text beside them says it all.

import type { JSX } from 'preact';

const PATHS = {
  headset:
    'M4 14v-2a8 8 0 0 1 16 0v2M4 13.5h2.6V20H5.4A1.4 1.4 0 0 1 4 18.6zM20 13.5h-2.6V20h1.2a1.4 1.4 0 0 0 1.4-1.4z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  pause: 'M9 6v12M15 6v12',
  phone:
    'M6.2 4h3l1.5 4-2 1.5a11 11 0 0 0 5.8 5.8l1.5-2 4 1.5v3a1.8 1.8 0 0 1-2 1.8A15.5 15.5 0 0 1 4.4 6 1.8 1.8 0 0 1 6.2 4z',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4',
  pencil: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  exit: 'M10 5H6v14h4M13.5 8l4 4-4 4M17 12H9.5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20',
  chevron: 'M7 10l5 5 5-5',
  warning: 'M12 4.5L21 19.5H3zM12 10v4.5M12 17v.2',
  info: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 11v5M12 8v.2',
  keyboard: 'M3.5 7h17v10h-17zM7 10.2h.2M10.3 10.2h.2M13.5 10.2h.2M16.8 10.2h.2M8 13.8h8',
  report: 'M7 4h7l4 4v12H7zM14 4v4h4M10 12.5h5M10 16h5',
  answer:
    'M6.2 4h3l1.5 4-2 1.5a11 11 0 0 0 5.8 5.8l1.5-2 4 1.5v3a1.8 1.8 0 0 1-2 1.8A15.5 15.5 0 0 1 4.4 6 1.8 1.8 0 0 1 6.2 4zM14 4.5a6 6 0 0 1 5.5 5.5',
  hangUp:
    'M3.5 14.2c-.8-1-.6-2.5.3-3.4 4.6-4 11.8-4 16.4 0 .9.9 1.1 2.4.3 3.4l-1 1.2c-.4.5-1.1.6-1.7.3l-2.3-1.2c-.5-.3-.8-.9-.7-1.5l.2-1.3a11.5 11.5 0 0 0-6 0l.2 1.3c.1.6-.2 1.2-.7 1.5l-2.3 1.2c-.6.3-1.3.2-1.7-.3z',
  skip: 'M6 6v12l8.5-6zM17.5 6v12',
  play: 'M8 5.5v13l10.5-6.5z',
  consult:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.8 19.5a6.2 6.2 0 0 1 12.4 0M17 8.2a2.2 2.2 0 1 1 3 2c-.7.4-1 .9-1 1.7M19 14.7v.2',
  transfer: 'M4 8.5h14M14.5 5l3.5 3.5-3.5 3.5M20 15.5H6M9.5 12L6 15.5 9.5 19',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.8 19.5a6.2 6.2 0 0 1 12.4 0M15.5 4.9a3.5 3.5 0 0 1 0 6.2M17.5 13.7a6.2 6.2 0 0 1 3.7 5.8',
  keypad:
    'M6.5 5.5h.2M12 5.5h.2M17.5 5.5h.2M6.5 11h.2M12 11h.2M17.5 11h.2M6.5 16.5h.2M12 16.5h.2M17.5 16.5h.2',
  record: 'M12 19a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  ear: 'M7 9.5a5 5 0 1 1 10 0c0 3.5-3.5 4-3.5 7a3 3 0 0 1-5.5 1.5M9.7 9.8a2.3 2.3 0 1 1 4.6 0',
  bellOff: 'M6 16.5V11a6 6 0 0 1 9.5-4.9M18 11v5.5l1.5 1.5h-11M10 20.5h4M4 4l16 16',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 7.5V12l3 2',
  in: 'M18 6L7 17M7 9v8h8',
  out: 'M6 18L17 7M9 7h8v8',
  question: 'M9 9.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.2',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the product. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="9" />
      <path class="mark-band" d="M8.5 18v-2.5a7.5 7.5 0 0 1 15 0V18" />
      <rect class="mark-cup" x="6.5" y="16.5" width="5" height="7.5" rx="2.2" />
      <rect class="mark-cup" x="20.5" y="16.5" width="5" height="7.5" rx="2.2" />
    </svg>
  );
}

/** The icon of an agent state, so that colour is never the only sign. */
export function stateIcon(state: string): IconName {
  switch (state) {
    case 'READY':
      return 'check';
    case 'NOT_READY':
    case 'HOLD':
      return 'pause';
    case 'RESERVED':
    case 'RESERVED_OUTBOUND':
    case 'RESERVED_OUTBOUND_PREVIEW':
      return 'bell';
    case 'TALKING':
      return 'phone';
    case 'WORK':
    case 'WORK_READY':
      return 'pencil';
    case 'LOGOUT':
      return 'exit';
    default:
      return 'question';
  }
}
