/** Each sample a column, newest first, each test a row: what one compares on rounds. */
import { Button, Table } from '@navikt/ds-react';
import type { Observation } from 'fhir/r4';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FlagSign } from '../record/flag-sign.tsx';
import { flagOf, valueOf, type Series } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { samplesOf } from './series.ts';

const columnsShown = 7;

export function ByTime({ label, series }: { label: string; series: readonly Series[] }) {
  const { t } = useTranslation('results');
  const written = useWritten();
  const [from, setFrom] = useState(0);
  const samples = samplesOf(series.flatMap(({ all }) => all).sort(newestFirst));
  const shown = samples.slice(from, from + columnsShown);
  const rows = series.filter(({ code }) => shown.some(({ byCode }) => byCode.has(code)));
  return (
    <div className="fyr-stack">
      <div className="fyr-row fyr-row-middle">
        <Button
          size="small"
          variant="secondary"
          disabled={from + columnsShown >= samples.length}
          onClick={() => setFrom(from + columnsShown)}
        >
          {t('older')}
        </Button>
        <Button
          size="small"
          variant="secondary"
          disabled={from === 0}
          onClick={() => setFrom(Math.max(0, from - columnsShown))}
        >
          {t('newer')}
        </Button>
        <span className="fyr-subtle" role="status">
          {t('samples', { from: samples.length === 0 ? 0 : from + 1, to: from + shown.length, count: samples.length })}
        </span>
      </div>
      <div className="fyr-scroll" tabIndex={0} role="group" aria-label={label}>
        <Table size="small" className="fyr-cumulative" aria-label={label}>
          <Table.Header>
            <Table.Row>
              <Table.HeaderCell scope="col">{t('column-test')}</Table.HeaderCell>
              {shown.map(({ at }) => (
                <Table.HeaderCell key={at} scope="col" className="fyr-number">
                  <time dateTime={at}>{written.date(at.slice(0, 10))}</time>
                  <br />
                  {at.includes('T') && written.time(at)}
                </Table.HeaderCell>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {rows.map(({ code, name }) => (
              <Table.Row key={code}>
                <Table.HeaderCell scope="row">{name}</Table.HeaderCell>
                {shown.map(({ at, byCode }) => (
                  <Table.DataCell key={at} className="fyr-number">
                    <Value of={byCode.get(code)} />
                  </Table.DataCell>
                ))}
              </Table.Row>
            ))}
          </Table.Body>
        </Table>
      </div>
    </div>
  );
}

function Value({ of }: { of: Observation | undefined }) {
  const written = useWritten();
  if (of === undefined) return <span className="fyr-subtle">·</span>;
  const flag = flagOf(of);
  return (
    <>
      {valueOf(of, written.number)} {flag && <FlagSign flag={flag} />}
    </>
  );
}

function newestFirst(a: Observation, b: Observation): number {
  return Date.parse(b.effectiveDateTime ?? b.issued ?? '') - Date.parse(a.effectiveDateTime ?? a.issued ?? '');
}
