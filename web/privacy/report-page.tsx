/** The weeks counted, nobody named: who opens records, what is refused, broken glasses and what came of them, what looked unusual. */
import { BodyLong, Heading, InlineMessage, Select } from '@navikt/ds-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams, type LoaderFunctionArgs } from 'react-router';
import type { WeeklyReport } from '#trust/access-log/contract.ts';
import { queriesContext } from '../session/context.ts';
import { currentLanguage, useLanguage } from '../text/texts.ts';
import { Loaded } from '../ui/loaded.tsx';
import '../ui/rooms.css';
import { reportQuery } from './queries.ts';
import { byKind, byOutcome, byRole, ofCases, ofUnusual } from './report-series.ts';
import { WeekChart } from './week-chart.tsx';

const spans = ['4', '12', '26', '52'] as const;
const weeksIn = (address: URLSearchParams): string => spans.find((span) => span === address.get('weeks')) ?? '12';

export async function loader({ request, context }: LoaderFunctionArgs): Promise<null> {
  const weeks = weeksIn(new URL(request.url).searchParams);
  await context.get(queriesContext).prefetchQuery(reportQuery(weeks, currentLanguage()));
  return null;
}

export function Component() {
  const { t } = useTranslation('privacy');
  const [address, setAddress] = useSearchParams();
  const weeks = weeksIn(address);
  const language = useLanguage();
  const query = useQuery({ ...reportQuery(weeks, language), placeholderData: keepPreviousData });
  return (
    <div className="fyr-stack">
      <title>{t('report')}</title>
      <Heading size="large" level="1">
        {t('report')}
      </Heading>
      <BodyLong className="fyr-measure">{t('report-lead')}</BodyLong>
      <div className="fyr-row fyr-not-on-paper">
        <Select
          size="small"
          label={t('report-weeks')}
          value={weeks}
          onChange={(event) => setAddress({ weeks: event.target.value }, { replace: true })}
        >
          {spans.map((span) => (
            <option key={span} value={span}>
              {t('weeks', { count: Number(span) })}
            </option>
          ))}
        </Select>
        <a href={`/api/log/report.csv?${new URLSearchParams({ weeks, language })}`} download>
          {t('report-csv')}
        </a>
      </div>
      <Loaded query={query}>{(report) => <Charts report={report} />}</Loaded>
    </div>
  );
}

function Charts({ report }: { report: WeeklyReport }) {
  const { t } = useTranslation('privacy');
  const { weeks, openNow, lateNow } = report;
  const charts = useMemo(
    () => [
      { name: 'roles', series: byRole(report, t('others')) },
      { name: 'kinds', series: byKind(report, (kind) => t(`done-${kind}`)) },
      { name: 'refused', series: byOutcome(report, (outcome) => t(`outcome-${outcome}`)) },
      { name: 'unusual', series: ofUnusual(report, t('unusual')) },
      { name: 'glass', series: ofCases(report, 'break-glass', (line) => t(`cases-${line}`)) },
      { name: 'wrong', series: ofCases(report, 'wrong-access', (line) => t(`cases-${line}`)) },
    ],
    [report, t],
  );
  return (
    <>
      <InlineMessage status={lateNow > 0 ? 'warning' : 'info'}>
        {t('cases-open', { count: openNow })} {lateNow > 0 && t('cases-overdue', { count: lateNow })}{' '}
        <Link to="/privacy/cases">{t('cases')}</Link>
      </InlineMessage>
      <div className="fyr-halves">
        {charts.map(({ name, series }) => (
          <WeekChart
            key={name}
            title={t(`chart-${name}`)}
            lead={t(`chart-${name}-lead`)}
            weeks={weeks}
            series={series}
          />
        ))}
      </div>
    </>
  );
}
