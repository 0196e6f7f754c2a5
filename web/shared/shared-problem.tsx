/** Why a code opened nothing, in words for who was only given a code. */
import { InlineMessage } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../session/ask.ts';
import { Problem } from '../ui/problem.tsx';

const tooMany = 429;

export function SharedProblem({ error }: { error: Error | null }) {
  const { t } = useTranslation('shared');
  if (!(error instanceof Refusal)) return <Problem error={error} />;
  return (
    <div role="alert">
      <InlineMessage status="error">{error.status === tooMany ? t('too-many') : t('opens-nothing')}</InlineMessage>
    </div>
  );
}
