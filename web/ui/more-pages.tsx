/** The way to the next page of a long list, where there is one. */
import { Button } from '@navikt/ds-react';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

type MorePagesProps = {
  query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
};

export function MorePages({ query: { hasNextPage, isFetchingNextPage, fetchNextPage } }: MorePagesProps) {
  const { t } = useTranslation('ui');
  if (!hasNextPage) return null;
  return (
    <div>
      <Button variant="secondary" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t('more')}
      </Button>
    </div>
  );
}
