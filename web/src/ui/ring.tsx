// The switches of the ring tone and of notifications.

import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import { canNotify, notifications, setNotifications, setTone, tone } from '../agent/ring.ts';
import { Icon } from './icons.tsx';
import { keyHint } from './shortcuts.tsx';
import { t } from './text.ts';

export function RingSwitches({ desktop }: { readonly desktop: Desktop }): JSX.Element {
  return (
    <>
      <button
        type="button"
        id="ring-tone"
        {...keyHint('#ring-tone')}
        class="button button-quiet"
        onClick={() => setTone(desktop.memory, !tone.value)}
      >
        <Icon name={tone.value ? 'bell' : 'bellOff'} />
        {t(tone.value ? 'ring.on' : 'ring.off')}
      </button>
      {canNotify() && (
        <button
          type="button"
          class="button button-quiet"
          onClick={() => void setNotifications(desktop.memory, !notifications.value)}
        >
          <Icon name="info" />
          {t(notifications.value ? 'ring.notifyOn' : 'ring.notifyOff')}
        </button>
      )}
    </>
  );
}
