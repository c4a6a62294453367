// What stands above everything while the server or the contact centre is away.

import type { JSX } from 'preact';
import { tryNow } from '../agent/connection.ts';
import * as view from '../agent/view.ts';
import { Icon } from './icons.tsx';
import { t } from './text.ts';

export function Banner(): JSX.Element {
  const link = view.link.value;
  return (
    <section class="banners" aria-label={t('banner.label')}>
      <div role="alert">
        {!link.up && (
          <div class="banner">
            <Icon name="warning" />
            <p>{t('banner.lost')}</p>
          </div>
        )}
        {link.up && !view.inService.value && (
          <div class="banner">
            <Icon name="warning" />
            <p>{t('banner.outOfService')}</p>
          </div>
        )}
      </div>
      {!link.up && (
        <div class="banner banner-more">
          <p class="timer">{attempt(link.retryAt)}</p>
          <button type="button" class="button" disabled={link.retryAt === 0} onClick={tryNow}>
            {t('banner.retryNow')}
          </button>
        </div>
      )}
    </section>
  );
}

function attempt(retryAt: number): string {
  const seconds = Math.ceil((retryAt - view.now.value) / 1000);
  return seconds > 0 ? t('banner.retryIn', { seconds: String(seconds) }) : t('banner.retrying');
}
