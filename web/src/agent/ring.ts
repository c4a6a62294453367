// How an incoming call is made known to somebody who looks elsewhere: a ring tone, the title and the icon of the
// page, and a notification of the system where the agent wants that. Nothing here takes the focus.

import { effect, signal } from '@preact/signals';
import type { Memory } from '../lib/memory.ts';

/** Whether calls are heard, and whether the system says them while the page is hidden. */
export const tone = signal(true);
export const notifications = signal(false);

/** What rings: the words for a notification, and a tag that is the same for the same call. */
export interface Ringing {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}
export const ringing = signal<Ringing | undefined>(undefined);

/** Two soft notes, a fifth apart, then a rest; in Hz and seconds. */
const NOTES = [
  [659.25, 0],
  [987.77, 0.18],
] as const;
const NOTE_LENGTH = 0.5;
const VOLUME = 0.12;
/** One ring after another, in ms. */
const PERIOD = 2_600;

let context: AudioContext | undefined;

/** Whether this browser can show notifications here: it needs a secure page. */
export function canNotify(): boolean {
  return 'Notification' in window && window.isSecureContext;
}

/** Takes the choices that were remembered, and follows what rings as long as the page lives. */
export function startRinging(memory: Memory): void {
  const remembered = memory.recall();
  tone.value = remembered.tone !== 'off';
  notifications.value =
    remembered.notifications === 'on' && canNotify() && Notification.permission === 'granted';
  effect(() => {
    if (ringing.value === undefined || !tone.value) return undefined;
    play();
    const timer = setInterval(play, PERIOD);
    return () => clearInterval(timer);
  });
  effect(() => {
    const call = ringing.value;
    icon(call === undefined ? 'icon.svg' : 'icon-call.svg');
    if (call === undefined || !notifications.value || !document.hidden) return undefined;
    const note = notify(call);
    return () => note?.close();
  });
}

function notify(call: Ringing): Notification | undefined {
  try {
    const note = new Notification(call.title, { body: call.body, tag: call.tag, silent: true });
    note.onclick = () => {
      window.focus();
      note.close();
    };
    return note;
  } catch {
    return undefined; // phones have them, and let only service workers show them
  }
}

/** Switches the ring tone, and lets it be heard once so that the agent knows how loud it is. */
export function setTone(memory: Memory, on: boolean): void {
  tone.value = on;
  memory.remember({ tone: on ? 'on' : 'off' });
  if (on && ringing.value === undefined) play();
}

/** Switches notifications; the browser asks the agent the first time. */
export async function setNotifications(memory: Memory, on: boolean): Promise<void> {
  const granted = on && canNotify() && (await Notification.requestPermission()) === 'granted';
  notifications.value = granted;
  memory.remember({ notifications: granted ? 'on' : 'off' });
}

function play(): void {
  try {
    context ??= new AudioContext();
    // Until somebody has clicked in the page, browsers keep it silent.
    void context.resume();
    for (const [pitch, after] of NOTES) note(context, pitch, context.currentTime + after);
  } catch {
    // no sound device: the page still shows the call
  }
}

function note(audio: AudioContext, pitch: number, at: number): void {
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.type = 'sine';
  oscillator.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(VOLUME, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_LENGTH);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + NOTE_LENGTH);
}

function icon(name: string): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = `${import.meta.env.BASE_URL}assets/${name}`;
  if (link !== null && link.getAttribute('href') !== href) link.href = href;
}
