/** What went wrong with something one did, where one did it: read aloud at once. What was typed is kept, also over a new sign-in. */
import { InlineMessage } from '@navikt/ds-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { Refusal } from '../session/ask.ts';
import { RefusalWords } from './refusal-words.tsx';

export function Problem({ error }: { error: Error | null }): ReactNode {
  return <div role="alert">{error && <Words error={error} />}</div>;
}

function Words({ error }: { error: Error }): ReactNode {
  const { t } = useTranslation('ui');
  const { pathname, search } = useLocation();
  if (!(error instanceof Refusal)) return <InlineMessage status="error">{t('not-sent')}</InlineMessage>;
  if (error.status !== 401)
    return (
      <InlineMessage status="error">
        <RefusalWords refusal={error} />
      </InlineMessage>
    );
  return (
    <InlineMessage status="warning">
      {t('session-over')}{' '}
      <a href={`/sign-in?${new URLSearchParams({ to: pathname + search })}`}>{t('sign-in-again')}</a>
    </InlineMessage>
  );
}
