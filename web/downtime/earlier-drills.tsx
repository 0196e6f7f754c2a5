/** Drills that were held, and their reports. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../ui/loaded.tsx';
import { Earlier } from './earlier.tsx';
import { drillsQuery } from './queries.ts';

export function EarlierDrills() {
  const { t } = useTranslation('downtime');
  const query = useQuery(drillsQuery);
  return (
    <section aria-labelledby="earlier-drills" className="fyr-card fyr-stack">
      <h2 id="earlier-drills">{t('drills-earlier')}</h2>
      <Loaded query={query}>
        {({ drills }) => {
          const over = drills.filter(({ state }) => state === 'ended' || state === 'refused');
          if (over.length === 0) return <p className="fyr-plain">{t('drills-none')}</p>;
          const rows = over.map(({ id, began, scenario, state, by }) => ({
            id,
            began,
            what: `${t(`scenario-${scenario}`)} · ${by.name}`,
            state: t(`drill-state-${state}`),
            report: `/api/drill/${id}/report`,
          }));
          return <Earlier labelledBy="earlier-drills" rows={rows} />;
        }}
      </Loaded>
    </section>
  );
}
