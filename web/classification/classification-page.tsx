/** The queue of documents whose type the machine was not sure of: the list beside the one that is decided. Which one, the address says. */
import { BodyLong, Button, Heading } from '@navikt/ds-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import type { QueuedDocument } from '#services/classification/contract.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import './classification.css';
import { Decide } from './decide.tsx';
import { queuedQuery, queueQuery } from './queries.ts';

export function Component() {
  const { t } = useTranslation('classification');
  const [address, setAddress] = useSearchParams();
  const query = useInfiniteQuery(queueQuery);
  const waiting = query.data?.pages.flatMap(({ documents }) => documents) ?? [];
  const chosen = address.get('document');
  const next = (): void => {
    const at = waiting.findIndex(({ id }) => id === chosen);
    const after = waiting[at + 1] ?? waiting.find(({ id }) => id !== chosen);
    setAddress(after === undefined ? {} : { document: after.id }, { replace: true });
  };
  return (
    <div className="fyr-stack">
      <title>{t('title')}</title>
      <Heading size="large" level="1">
        {t('title')}
      </Heading>
      <BodyLong>{t('lead')}</BodyLong>
      <Loaded query={query}>
        {() =>
          waiting.length === 0 ? (
            <BodyLong>{t('none')}</BodyLong>
          ) : (
            <div className="fyr-sorting">
              <nav aria-label={t('list')}>
                <List documents={waiting} chosen={chosen} />
                {query.hasNextPage && (
                  <Button size="small" variant="secondary" onClick={() => void query.fetchNextPage()}>
                    {t('more')}
                  </Button>
                )}
              </nav>
              {chosen === null ? (
                <BodyLong className="fyr-subtle">{t('choose')}</BodyLong>
              ) : (
                <One key={chosen} id={chosen} onDecided={next} />
              )}
            </div>
          )
        }
      </Loaded>
    </div>
  );
}

function List({ documents, chosen }: { documents: readonly QueuedDocument[]; chosen: string | null }) {
  const written = useWritten();
  return (
    <ul className="fyr-plain fyr-rows">
      {documents.map(({ id, title, date }) => (
        <li key={id}>
          <Link to={`?${new URLSearchParams({ document: id })}`} aria-current={id === chosen ? 'true' : undefined}>
            {title}
          </Link>
          {date !== '' && <div className="fyr-subtle">{written.when(date)}</div>}
        </li>
      ))}
    </ul>
  );
}

function One({ id, onDecided }: { id: string; onDecided: () => void }) {
  return (
    <Loaded query={useQuery(queuedQuery(id))}>{(queued) => <Decide queued={queued} onDecided={onDecided} />}</Loaded>
  );
}
