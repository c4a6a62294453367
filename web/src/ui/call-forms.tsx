// The forms that open inside a call: whom to consult or transfer to, the keypad, its data, a callback.

import type { ComponentChildren, JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { act, sendDigits } from '../agent/call-actions.ts';
import * as calls from '../agent/calls-view.ts';
import type { Desktop } from '../agent/desktop.ts';
import { isCampaignVariable } from '../lib/call.ts';
import type { Dialog } from '../lib/dialog.ts';
import type { User } from '../lib/model.ts';
import { Icon } from './icons.tsx';
import { variableName } from './names.ts';
import { TargetField } from './target.tsx';
import { t } from './text.ts';
import { Reasons } from './wrap-up.tsx';

interface Props {
  readonly desktop: Desktop;
  readonly user: User;
  readonly call: Dialog;
}

/** Bytes of a call variable, as the wire counts them. */
const MAX_VARIABLE = 40;
/** The same for the variables that a centre defines itself. */
const MAX_OWN_VARIABLE = 210;

export function CallForm({ form, ...props }: Props & { readonly form: calls.Form }): JSX.Element {
  switch (form) {
    case 'consult':
    case 'transfer':
      return <TargetForm {...props} form={form} />;
    case 'keypad':
      return <Keypad {...props} />;
    case 'data':
      return <DataForm {...props} />;
    case 'callback':
      return <CallbackForm {...props} />;
  }
}

/** The frame of a form: its heading, its way out, and Escape for it. */
function Frame({
  form,
  heading,
  children,
  onSubmit,
}: {
  readonly form: calls.Form;
  readonly heading: string;
  readonly children: ComponentChildren;
  readonly onSubmit: () => void;
}): JSX.Element {
  const frame = useRef<HTMLFormElement>(null);
  const close = (): void => {
    // Back to the button that opened the form.
    const opener = frame.current?.closest('.call')?.querySelector<HTMLElement>(OPENERS[form]);
    calls.form.value = undefined;
    opener?.focus();
  };
  return (
    <form
      ref={frame}
      class="call-form"
      aria-label={heading}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        close();
      }}
    >
      <div class="call-form-head">
        <h4>{heading}</h4>
        <button type="button" class="icon-button" aria-label={t('form.cancel')} onClick={close}>
          <Icon name="cross" />
        </button>
      </div>
      {children}
    </form>
  );
}

const OPENERS: Readonly<Record<calls.Form, string>> = {
  consult: '[data-do=CONSULT_CALL]',
  transfer: '[data-do=TRANSFER_SST]',
  keypad: '[data-do=SEND_DTMF]',
  data: '[data-do=UPDATE_CALL_DATA]',
  callback: '[data-do=UPDATE_SCHEDULED_CALLBACK]',
};

function TargetForm({ desktop, call, form }: Props & { readonly form: 'consult' | 'transfer' }): JSX.Element {
  const submit = useRef<() => void>(() => undefined);
  const go = (to: string): void => {
    const action = form === 'consult' ? 'CONSULT_CALL' : 'TRANSFER_SST';
    void act(desktop, call, action, { to }).then((done) => {
      if (done && calls.form.value?.call === call.id) calls.form.value = undefined;
    });
  };
  return (
    <Frame form={form} heading={t(`form.${form}`)} onSubmit={() => submit.current()}>
      {form === 'transfer' && <p class="quiet">{t('form.transferLead')}</p>}
      <TargetField
        key={form}
        desktop={desktop}
        verb={form === 'consult' ? 'form.consultNumber' : 'form.transferNumber'}
        busy={calls.doing.value.has(call.id)}
        onChoose={go}
        submit={submit}
      />
    </Frame>
  );
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

function Keypad({ desktop, call }: Props): JSX.Element {
  const sent = useSignal('');
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const send = (digit: string): void => {
    sent.value += digit;
    void sendDigits(desktop, call, digit);
  };
  return (
    <Frame form="keypad" heading={t('form.keypad')} onSubmit={() => undefined}>
      <div
        class="keypad"
        onKeyDown={(event) => {
          if (!KEYS.some((key) => key === event.key) || event.altKey || event.ctrlKey || event.metaKey)
            return;
          event.preventDefault();
          send(event.key);
        }}
      >
        <p class="keypad-sent" role="status">
          {sent.value === '' ? (
            <span class="quiet">{t('form.keypadLead')}</span>
          ) : (
            <>
              <span class="hidden">{t('form.sent')} </span>
              <span class="number">{sent.value}</span>
            </>
          )}
        </p>
        <div class="keys-grid">
          {KEYS.map((key, i) => (
            <button
              type="button"
              key={key}
              ref={i === 0 ? first : null}
              class="button keypad-key"
              onClick={() => send(key)}
            >
              {key}
            </button>
          ))}
        </div>
      </div>
    </Frame>
  );
}

/** The data that the call carries; only what was changed is sent. */
function DataForm({ desktop, user, call }: Props): JSX.Element {
  const changed = useSignal<Readonly<Record<string, string>>>({});
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const limit = (name: string): number => (/^callVariable\d+$/.test(name) ? MAX_VARIABLE : MAX_OWN_VARIABLE);
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  const wrong = Object.entries(changed.value).some(([name, value]) => bytes(value) > limit(name));
  const editable = call.variables.filter(({ name }) => !isCampaignVariable(name));
  const save = (): void => {
    const variables = Object.entries(changed.value).map(([name, value]) => ({ name, value }));
    if (wrong) return;
    if (variables.length === 0) {
      calls.form.value = undefined;
      return;
    }
    void act(desktop, call, 'UPDATE_CALL_DATA', { variables }).then((done) => {
      if (done && calls.form.value?.form === 'data') calls.form.value = undefined;
    });
  };
  return (
    <Frame form="data" heading={t('form.data')} onSubmit={save}>
      {calls.wrapUpReasons.value.length > 0 && <Reasons desktop={desktop} user={user} call={call} />}
      <div class="data-fields">
        {editable.map(({ name, value }, i) => {
          const text = changed.value[name] ?? value;
          const tooLong = bytes(text) > limit(name);
          return (
            <label key={name} class="field">
              <span>{variableName(name)}</span>
              <input
                ref={i === 0 ? first : null}
                value={text}
                autocomplete="off"
                aria-invalid={tooLong}
                onInput={(event) => {
                  changed.value = { ...changed.value, [name]: event.currentTarget.value };
                }}
              />
              {tooLong && (
                <span class="field-wrong">{t('form.tooLong', { count: String(limit(name)) })}</span>
              )}
            </label>
          );
        })}
      </div>
      {editable.length > 0 && (
        <button
          type="submit"
          class="button button-primary"
          aria-disabled={wrong || calls.doing.value.has(call.id)}
        >
          {t('form.save')}
        </button>
      )}
    </Frame>
  );
}

function CallbackForm({ desktop, call }: Props): JSX.Element {
  const time = useSignal(call.callbackTime.slice(0, 16));
  const number = useSignal(call.callbackNumber);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const save = (): void => {
    const params: Record<string, string> = {};
    if (time.value !== '') params['callbackTime'] = time.value;
    if (number.value.trim() !== '') params['callbackNumber'] = number.value.trim();
    if (Object.keys(params).length === 0) return;
    void act(desktop, call, 'UPDATE_SCHEDULED_CALLBACK', { params }).then((done) => {
      if (done && calls.form.value?.form === 'callback') calls.form.value = undefined;
    });
  };
  return (
    <Frame form="callback" heading={t('form.callback')} onSubmit={save}>
      <div class="data-fields">
        <label class="field">
          <span>{t('form.callbackTime')}</span>
          <input
            ref={first}
            type="datetime-local"
            value={time.value}
            onInput={(event) => {
              time.value = event.currentTarget.value;
            }}
          />
        </label>
        <label class="field">
          <span>{t('form.callbackNumber')}</span>
          <input
            type="tel"
            value={number.value}
            onInput={(event) => {
              number.value = event.currentTarget.value;
            }}
          />
        </label>
      </div>
      <button type="submit" class="button button-primary" aria-disabled={calls.doing.value.has(call.id)}>
        {t('form.save')}
      </button>
    </Frame>
  );
}
