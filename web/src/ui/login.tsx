// The sign-in page.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Desktop } from '../agent/desktop.ts';
import { signIn } from '../agent/login.ts';
import * as view from '../agent/view.ts';
import { NAILED } from '../lib/model.ts';
import { sentence, type SignOut } from '../lib/sign-out.ts';
import { FaultNote } from './fault.tsx';
import { Icon, Mark } from './icons.tsx';
import { LanguageSwitch } from './language.tsx';
import { ReportButton } from './report.tsx';
import { hourAndMinute, t } from './text.ts';

type Field = 'id' | 'password' | 'extension' | 'dialNumber';

/** How calls reach the agent: at the phone of the extension, or at one outside. */
const MODES = ['', 'CALL_BY_CALL', NAILED] as const;

/** Why the agent is here, as precisely as it is known. */
function said(notice: view.Notice, gone: SignOut | undefined): string {
  const key = gone === undefined ? undefined : sentence(gone);
  if (gone === undefined || key === undefined) return t(`notice.${notice}`);
  const seconds = gone.absent < 120;
  const count = String(seconds ? gone.absent : Math.round(gone.absent / 60));
  const duration = t(seconds ? 'gone.seconds' : 'gone.minutes', { count });
  return t(key, { time: hourAndMinute(gone.at), by: gone.by, duration });
}

export function LoginPage({ desktop }: { readonly desktop: Desktop }): JSX.Element {
  const missing = useSignal<Field | undefined>(undefined);
  const form = useRef<HTMLFormElement>(null);
  const remembered = desktop.memory.recall();
  const mode = useSignal(remembered.mode ?? '');
  const elsewhere = useSignal(mode.value !== '');
  const busy = view.phase.value === 'signingIn';
  const failure = view.failure.value;
  const notice = view.notice.value;

  useEffect(() => {
    // The first field that is still to be filled, so that typing can begin at once.
    const empty = Array.from(form.current?.querySelectorAll('input') ?? []).find(
      (input) => input.value === '',
    );
    empty?.focus();
  }, []);

  useEffect(() => {
    if (failure === undefined) return;
    const field: Field = failure.step === 'sign_in' ? 'extension' : 'password';
    form.current?.querySelector<HTMLInputElement>(`[name=${field}]`)?.select();
  }, [failure]);

  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const value = (field: Field): string => String(data.get(field) ?? '');
    const typed = {
      id: value('id').trim(),
      password: value('password'),
      extension: value('extension').trim(),
    };
    const dialNumber = value('dialNumber').trim();
    const mobile = mode.value === '' ? undefined : { mode: mode.value, dialNumber };
    missing.value =
      (['id', 'password', 'extension'] as const).find((field) => typed[field] === '') ??
      (mobile !== undefined && dialNumber === '' ? 'dialNumber' : undefined);
    if (missing.value === undefined) void signIn(desktop, { ...typed, mobile });
    else form.current?.querySelector<HTMLInputElement>(`[name=${missing.value}]`)?.focus();
  };

  const field = (name: Field, input: JSX.IntrinsicElements['input']): JSX.Element => {
    const wrong = missing.value === name;
    return (
      <div class="field">
        <label for={`login-${name}`}>{t(`signin.${name}`)}</label>
        <input
          {...input}
          id={`login-${name}`}
          name={name}
          readOnly={busy}
          aria-required="true"
          aria-invalid={wrong}
          aria-describedby={wrong ? `login-${name}-wrong` : undefined}
        />
        {wrong && (
          <p class="field-wrong" id={`login-${name}-wrong`}>
            {t(`signin.missing.${name}`)}
          </p>
        )}
      </div>
    );
  };

  return (
    <div class="login">
      <main class="login-main">
        <div class="login-brand">
          <Mark />
          <p>
            <strong>{t('app.name')}</strong>
            <span>{t('app.title')}</span>
          </p>
        </div>
        <form class="card login-card" ref={form} noValidate onSubmit={onSubmit}>
          <div class="login-heading">
            <h1>{t('signin.heading')}</h1>
            <p class="quiet">{t('signin.lead')}</p>
          </div>
          {notice !== undefined && (
            <div class={notice === 'signedOut' ? 'note note-info' : 'note note-warning'} role="status">
              <Icon name={notice === 'signedOut' ? 'info' : 'warning'} />
              <p class="note-text">{said(notice, view.gone.value)}</p>
            </div>
          )}
          {failure !== undefined && (
            <FaultNote fault={failure.fault} extension={failure.extension}>
              <ReportButton desktop={desktop} canSend={failure.canSend} />
            </FaultNote>
          )}
          {field('id', { autocomplete: 'username', spellcheck: false, defaultValue: remembered.id ?? '' })}
          {field('password', { type: 'password', autocomplete: 'current-password' })}
          {field('extension', {
            inputMode: 'tel',
            autocomplete: 'off',
            spellcheck: false,
            defaultValue: remembered.extension ?? '',
          })}
          {!elsewhere.value && (
            <button
              type="button"
              class="button button-quiet login-elsewhere"
              onClick={() => {
                elsewhere.value = true;
              }}
            >
              <Icon name="phone" />
              {t('signin.elsewhere')}
            </button>
          )}
          {elsewhere.value && (
            <div class="field">
              <label for="login-mode">{t('signin.mode')}</label>
              <select
                id="login-mode"
                class="select"
                disabled={busy}
                value={mode.value}
                onChange={(event) => {
                  mode.value = event.currentTarget.value;
                }}
              >
                {MODES.map((one) => (
                  <option key={one} value={one}>
                    {t(one === '' ? 'signin.mode.DESK' : `signin.mode.${one}`)}
                  </option>
                ))}
              </select>
            </div>
          )}
          {mode.value !== '' &&
            field('dialNumber', {
              inputMode: 'tel',
              autocomplete: 'tel',
              spellcheck: false,
              defaultValue: remembered.dialNumber ?? '',
            })}
          <button type="submit" class="button button-primary button-wide" aria-disabled={busy}>
            {busy && <span class="spinner" aria-hidden="true" />}
            {busy ? stepText(form.current, mode.value) : t('signin.submit')}
          </button>
          <p class="hidden" role="status">
            {busy && stepText(form.current, mode.value)}
          </p>
        </form>
        <LanguageSwitch desktop={desktop} />
      </main>
    </div>
  );
}

/** What is shown while the tab signs in again after a reload: no form, nothing to type. */
export function ResumePage(): JSX.Element {
  return (
    <div class="login">
      <main class="resume" aria-busy="true">
        <Mark />
        <h1>{t('signin.resuming')}</h1>
        <p class="quiet" role="status">
          {stepText(null)}
        </p>
        <span class="spinner" aria-hidden="true" />
      </main>
    </div>
  );
}

function stepText(form: HTMLFormElement | null, mode = ''): string {
  if (view.step.value === 'sign_in' && mode === NAILED) return t('step.line');
  const typed = form === null ? '' : String(new FormData(form).get('extension') ?? '');
  return t(`step.${view.step.value}`, { extension: typed });
}
