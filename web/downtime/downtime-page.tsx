/** Downtime here: what is open and what has to be done, how to begin one, and those that were, with their reports. */
import { BodyLong, Heading, Table } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, type LoaderFunctionArgs } from 'react-router';
import type { Downtime } from '#continuity/downtime/contract.ts';
import { queriesContext } from '../session/context.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { BeginDowntime } from './begin-downtime.tsx';
import { OpenDowntime } from './open-downtime.tsx';
import { downtimesQuery } from './queries.ts';
import '../ui/rooms.css';

export async function loader({ context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchQuery(downtimesQuery);
  return null;
}

const isOpen = ({ state }: Downtime): boolean => ['proposed', 'declared', 'reconciling'].includes(state);

export function Component() {
  const { t } = useTranslation('downtime');
  const query = useQuery(downtimesQuery);
  return (
    <div className="fyr-stack">
      <title>{t('title')}</title>
      <Heading size="large" level="1">
        {t('title')}
      </Heading>
      <Loaded query={query}>
        {({ downtimes }) => {
          const open = downtimes.find(isOpen);
          return (
            <>
              {open === undefined ? <BeginDowntime /> : <OpenDowntime id={open.id} />}
              <Earlier downtimes={downtimes.filter((one) => !isOpen(one))} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Earlier({ downtimes }: { downtimes: Downtime[] }) {
  const { t } = useTranslation('downtime');
  return (
    <section aria-labelledby="earlier" className="fyr-card fyr-stack">
      <h2 id="earlier">{t('earlier')}</h2>
      {downtimes.length === 0 ? (
        <BodyLong>{t('earlier-none')}</BodyLong>
      ) : (
        <div className="fyr-scroll">
          <Table size="small" className="fyr-folding" aria-labelledby="earlier">
            <Table.Header>
              <Table.Row>
                {['began', 'what', 'state', 'report'].map((column) => (
                  <Table.HeaderCell key={column} scope="col">
                    {t(column)}
                  </Table.HeaderCell>
                ))}
              </Table.Row>
            </Table.Header>
            <Table.Body>
              {downtimes.map((one) => (
                <EarlierOne key={one.id} one={one} />
              ))}
            </Table.Body>
          </Table>
        </div>
      )}
    </section>
  );
}

function EarlierOne({ one: { id, began, kind, reason, state } }: { one: Downtime }) {
  const { t } = useTranslation('downtime');
  const written = useWritten();
  const language = useLanguage();
  const asked = new URLSearchParams({ format: 'html', language });
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">{written.when(new Date(began).toISOString())}</Table.HeaderCell>
      <Table.DataCell data-column={t('what')}>
        {t(`kind-${kind}`)}: {reason}
      </Table.DataCell>
      <Table.DataCell data-column={t('state')}>{t(`state-${state}`)}</Table.DataCell>
      <Table.DataCell>
        <Link to={`/downtime/${id}`}>{t('see')}</Link> ·{' '}
        <a href={`/api/downtime/${id}/report?${asked}`} download>
          {t('report')}
        </a>
      </Table.DataCell>
    </Table.Row>
  );
}
