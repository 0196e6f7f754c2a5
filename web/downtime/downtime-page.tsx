/** Downtime here: what is open and what has to be done, how to begin one, and those that were, with their reports. */
import { BodyLong, Heading } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { LoaderFunctionArgs } from 'react-router';
import type { Downtime } from '#continuity/downtime/contract.ts';
import { queriesContext } from '../session/context.ts';
import { Loaded } from '../ui/loaded.tsx';
import { BeginDowntime } from './begin-downtime.tsx';
import { Earlier } from './earlier.tsx';
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
              <EarlierDowntimes downtimes={downtimes.filter((one) => !isOpen(one))} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function EarlierDowntimes({ downtimes }: { downtimes: Downtime[] }) {
  const { t } = useTranslation('downtime');
  const rows = downtimes.map(({ id, began, kind, reason, state }) => ({
    id,
    began,
    what: `${t(`kind-${kind}`)}: ${reason}`,
    state: t(`state-${state}`),
    report: `/api/downtime/${id}/report`,
    page: `/downtime/${id}`,
  }));
  return (
    <section aria-labelledby="earlier" className="fyr-card fyr-stack">
      <h2 id="earlier">{t('earlier')}</h2>
      {rows.length === 0 ? <BodyLong>{t('earlier-none')}</BodyLong> : <Earlier labelledBy="earlier" rows={rows} />}
    </section>
  );
}
