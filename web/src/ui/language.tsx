// The choice of language: at hand before and after the sign-in, remembered by the browser.

import type { JSX } from 'preact';
import type { Desktop } from '../agent/desktop.ts';
import { LANGUAGES } from '../i18n/index.ts';
import { language, t } from './text.ts';

export function LanguageSwitch({ desktop }: { readonly desktop: Desktop }): JSX.Element {
  return (
    <div class="languages" role="group" aria-label={t('signin.language')}>
      {LANGUAGES.map(({ code, name }) => (
        <button
          type="button"
          key={code}
          lang={code}
          aria-pressed={language.value === code}
          onClick={() => {
            language.value = code;
            desktop.memory.remember({ language: code });
          }}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
