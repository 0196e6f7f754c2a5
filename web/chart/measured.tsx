/** The latest of what was measured, each kind a row: value, flag, reference, the way it goes, and when. */
import { Table } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { FlagSign } from '../record/flag-sign.tsx';
import { flagOf, numbersOf, rangeOf, seriesOf, valueOf, whenOf, type Series } from '../record/words.ts';
import { vitalsQuery, type RecordQuery } from '../record/queries.ts';
import { useWritten } from '../text/written.ts';
import { laboratoryQuery } from './queries.ts';
import { Sparkline } from '../ui/sparkline.tsx';

const shownMost = 14;
const trendMost = 8;

export function Vitals({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  return <Measured title={t('vitals')} area="vitals" query={vitalsQuery(patient)} />;
}

export function Laboratory({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  return <Measured title={t('laboratory')} area="laboratory" query={laboratoryQuery(patient)} />;
}

type MeasuredProps = { title: string; area: string; query: RecordQuery<'Observation'> };

function Measured({ title, area, query }: MeasuredProps) {
  const { t } = useTranslation('chart');
  return (
    <Card title={title} area={area} query={query}>
      {(all) => {
        const series = seriesOf(all).slice(0, shownMost);
        if (series.length === 0) return undefined;
        const hasRanges = series.some(({ latest }) => latest.referenceRange !== undefined);
        return (
          <Table size="small" className="fyr-measured" aria-label={title}>
            <Table.Header>
              <Table.Row>
                <Table.HeaderCell scope="col">{t('measured')}</Table.HeaderCell>
                <Table.HeaderCell scope="col">{t('value')}</Table.HeaderCell>
                {hasRanges && (
                  <Table.HeaderCell scope="col" className="fyr-measured-range">
                    {t('reference')}
                  </Table.HeaderCell>
                )}
                <Table.HeaderCell scope="col">{t('trend')}</Table.HeaderCell>
                <Table.HeaderCell scope="col">{t('when')}</Table.HeaderCell>
              </Table.Row>
            </Table.Header>
            <Table.Body>
              {series.map((one) => (
                <Kind key={one.code} series={one} hasRanges={hasRanges} />
              ))}
            </Table.Body>
          </Table>
        );
      }}
    </Card>
  );
}

function Kind({ series, hasRanges }: { series: Series; hasRanges: boolean }) {
  const written = useWritten();
  const { latest, all, name } = series;
  const flag = flagOf(latest);
  const [range] = latest.referenceRange ?? [];
  const { low, high } = range ?? {};
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">{name}</Table.HeaderCell>
      <Table.DataCell className="fyr-number">
        {valueOf(latest, written.number)} {flag && <FlagSign flag={flag} />}
      </Table.DataCell>
      {hasRanges && (
        <Table.DataCell className="fyr-number fyr-subtle fyr-measured-range">
          {rangeOf(latest, written.number)}
        </Table.DataCell>
      )}
      <Table.DataCell>
        <Sparkline
          values={numbersOf(all.slice(0, trendMost))}
          {...(low?.value === undefined ? {} : { low: low.value })}
          {...(high?.value === undefined ? {} : { high: high.value })}
        />
      </Table.DataCell>
      <Table.DataCell className="fyr-subtle fyr-number">
        <time dateTime={whenOf(latest)} title={written.when(whenOf(latest))}>
          {written.briefly(whenOf(latest))}
        </time>
      </Table.DataCell>
    </Table.Row>
  );
}
