/** What went wrong with something one did, where one did it: read aloud at once. */
import { InlineMessage } from '@navikt/ds-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../session/ask.ts';

export function Problem({ error }: { error: Error | null }): ReactNode {
  const { t } = useTranslation('ui');
  return (
    <div role="alert">
      {error && <InlineMessage status="error">{error instanceof Refusal ? error.message : t('no-line')}</InlineMessage>}
    </div>
  );
}
