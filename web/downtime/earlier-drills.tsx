/** Drills that were held, and their reports. */
import { Table } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DrillListAnswer } from '#continuity/drill/contract.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { drillsQuery } from './queries.ts';

type Drill = DrillListAnswer['drills'][number];

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
          return (
            <Table size="small" className="fyr-folding" aria-labelledby="earlier-drills">
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
                {over.map((drill) => (
                  <One key={drill.id} drill={drill} />
                ))}
              </Table.Body>
            </Table>
          );
        }}
      </Loaded>
    </section>
  );
}

function One({ drill: { id, began, scenario, state, by } }: { drill: Drill }) {
  const { t } = useTranslation('downtime');
  const written = useWritten();
  const asked = new URLSearchParams({ format: 'html', language: useLanguage() });
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">{written.when(new Date(began).toISOString())}</Table.HeaderCell>
      <Table.DataCell data-column={t('what')}>
        {t(`scenario-${scenario}`)} · {by.name}
      </Table.DataCell>
      <Table.DataCell data-column={t('state')}>{t(`drill-state-${state}`)}</Table.DataCell>
      <Table.DataCell>
        <a href={`/api/drill/${id}/report?${asked}`} download>
          {t('report')}
        </a>
      </Table.DataCell>
    </Table.Row>
  );
}
