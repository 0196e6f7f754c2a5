/** Vital signs round by round with NEWS2, and everything measured over time. */
import { Table } from '@navikt/ds-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, type LoaderFunctionArgs } from 'react-router';
import type { Observation } from 'fhir/r4';
import { Card } from '../record/card.tsx';
import { ScoreSign } from '../record/score-sign.tsx';
import { isScored, roundsOf, signNames, type Round, type SignName } from '../record/vital-signs.ts';
import { queriesContext } from '../session/context.ts';
import { useWritten } from '../text/written.ts';
import { measurementsQuery } from './queries.ts';
import { ResultsView } from './results-view.tsx';
import { TrendChart } from './trend-chart.tsx';

const roundsShown = 8;
const chartedDays = 7;

export async function loader({ params, context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchQuery(measurementsQuery(params['patient'] as string));
  return null;
}

export function Component() {
  const { t } = useTranslation('results');
  const { patient = '' } = useParams();
  return (
    <div className="fyr-stack">
      <Card title={t('rounds')} area="rounds" query={measurementsQuery(patient)} empty={t('no-measurements')}>
        {(all) => (all.length === 0 ? undefined : <Rounds observations={all} />)}
      </Card>
      <Card
        title={t('measurements')}
        area="measurements"
        query={measurementsQuery(patient)}
        empty={t('no-measurements')}
      >
        {(all) => (all.length === 0 ? undefined : <ResultsView label={t('measurements')} observations={all} />)}
      </Card>
    </div>
  );
}

function Rounds({ observations }: { observations: readonly Observation[] }) {
  const { t } = useTranslation('results');
  const rounds = useMemo(() => roundsOf(observations), [observations]);
  const scored = useMemo(() => rounds.filter((round) => isScored(round) && isOfLate(round)), [rounds]);
  const lines = useMemo(
    () => [
      {
        name: 'NEWS2',
        unit: '',
        points: scored.map(({ at, score }) => ({ at: at / 1000, value: score.sum })).reverse(),
        high: 4,
      },
    ],
    [scored],
  );
  return (
    <div className="fyr-stack">
      <p className="fyr-plain">
        <Link to="../write/vitals">{t('write-vitals')}</Link>
      </p>
      {scored.length > 1 && <TrendChart lines={lines} />}
      <RoundTable rounds={rounds.slice(0, roundsShown)} />
    </div>
  );
}

/** What happens now: the scores of earlier stays are in the lists below. */
function isOfLate({ at }: Round): boolean {
  return Date.now() - at < chartedDays * 86_400_000;
}

function RoundTable({ rounds }: { rounds: readonly Round[] }) {
  const { t } = useTranslation('results');
  const written = useWritten();
  const shown = signNames.filter(
    (name) => name !== 'diastolic' && rounds.some(({ signs }) => signs[name] !== undefined),
  );
  return (
    <div className="fyr-scroll" tabIndex={0} role="group" aria-label={t('rounds')}>
      <Table size="small" className="fyr-cumulative" aria-label={t('rounds')}>
        <Table.Header>
          <Table.Row>
            <Table.HeaderCell scope="col">{t('column-when')}</Table.HeaderCell>
            {rounds.map(({ at }, column) => (
              <Table.HeaderCell key={`${at} ${column}`} scope="col" className="fyr-number">
                {written.briefly(new Date(at).toISOString())}
              </Table.HeaderCell>
            ))}
          </Table.Row>
        </Table.Header>
        <Table.Body>
          <Table.Row>
            <Table.HeaderCell scope="row">NEWS2</Table.HeaderCell>
            {rounds.map((round, column) => (
              <Table.DataCell key={`${round.at} ${column}`} className="fyr-number">
                {isScored(round) ? <ScoreSign score={round.score} /> : <span className="fyr-subtle">·</span>}
              </Table.DataCell>
            ))}
          </Table.Row>
          {shown.map((name) => (
            <Table.Row key={name}>
              <Table.HeaderCell scope="row">{t(`sign-${name}`)}</Table.HeaderCell>
              {rounds.map(({ at, signs }, column) => (
                <Table.DataCell key={`${at} ${column}`} className="fyr-number">
                  {signText(name, signs, written.number)}
                </Table.DataCell>
              ))}
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}

function signText(name: SignName, signs: Round['signs'], number: (of: number) => string): string {
  const value = signs[name];
  if (value === undefined) return '·';
  if (name === 'systolic') return `${value}/${signs.diastolic ?? '–'}`;
  return typeof value === 'number' ? number(value) : value;
}
