/**
 * The four ways in which something asked for can stand: here, on its way, refused (why, in the server's words), not loaded. Never left blank.
 * What is here already stays in view while it is asked for anew.
 */
import { Button, InlineMessage, Loader } from '@navikt/ds-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../session/ask.ts';
import { RefusalWords } from './refusal-words.tsx';

type LoadedProps<Data> = {
  query: Pick<UseQueryResult<Data>, 'data' | 'error' | 'refetch' | 'isPending'>;
  children: (data: Data) => ReactNode;
  /** What to say of a refusal besides its reason: what one can do. */
  onRefused?: (refusal: Refusal) => ReactNode;
};

export function Loaded<Data>({ query, children, onRefused }: LoadedProps<Data>): ReactNode {
  const { t } = useTranslation('ui');
  const { data, error, isPending } = query;
  if (error instanceof Refusal) return onRefused?.(error) ?? <Refused refusal={error} />;
  if (data !== undefined && !error) return children(data);
  if (isPending) return <Loader size="medium" title={t('loading')} />;
  return (
    <div className="fyr-stack">
      <InlineMessage status="warning">{t('no-line')}</InlineMessage>
      <div>
        <Button size="small" variant="secondary" onClick={() => void query.refetch()}>
          {t('try-again')}
        </Button>
      </div>
      {data === undefined ? null : children(data)}
    </div>
  );
}

export function Refused({ refusal }: { refusal: Refusal }): ReactNode {
  return (
    <InlineMessage status="warning">
      <RefusalWords refusal={refusal} />
    </InlineMessage>
  );
}
