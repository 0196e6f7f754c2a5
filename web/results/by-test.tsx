/** Each test a row: the newest value with its flag and reference, the way it goes, and a box to see it as a line. */
import { Checkbox, Table } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { FlagSign } from '../record/flag-sign.tsx';
import { flagOf, numbersOf, rangeOf, valueOf, whenOf, type Series } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Sparkline } from '../ui/sparkline.tsx';

const trendMost = 12;

type ByTestProps = {
  label: string;
  series: readonly Series[];
  chosen: readonly string[];
  choose: (code: string) => void;
};

export function ByTest({ label, series, chosen, choose }: ByTestProps) {
  const { t } = useTranslation('results');
  return (
    <div className="fyr-scroll" tabIndex={0} role="group" aria-label={label}>
      <Table size="small" className="fyr-measured" aria-label={label}>
        <Table.Header>
          <Table.Row>
            {['as-line', 'test', 'value', 'reference', 'trend', 'when', 'count'].map((column) => (
              <Table.HeaderCell
                key={column}
                scope="col"
                className={['reference', 'count'].includes(column) ? 'fyr-measured-range' : ''}
              >
                {t(`column-${column}`)}
              </Table.HeaderCell>
            ))}
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {series.map((one) => (
            <Test key={one.code} series={one} isChosen={chosen.includes(one.code)} choose={choose} />
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}

type TestProps = { series: Series; isChosen: boolean; choose: (code: string) => void };

function Test({ series: { code, name, latest, all }, isChosen, choose }: TestProps) {
  const { t } = useTranslation('results');
  const written = useWritten();
  const flag = flagOf(latest);
  const [{ low, high } = {}] = latest.referenceRange ?? [];
  const numbers = numbersOf(all.slice(0, trendMost));
  return (
    <Table.Row>
      <Table.DataCell>
        <Checkbox
          size="small"
          hideLabel
          checked={isChosen}
          disabled={numbers.length === 0}
          onChange={() => choose(code)}
        >
          {t('show-as-line', { name })}
        </Checkbox>
      </Table.DataCell>
      <Table.HeaderCell scope="row">{name}</Table.HeaderCell>
      <Table.DataCell className="fyr-number">
        {valueOf(latest, written.number)} {flag && <FlagSign flag={flag} />}
      </Table.DataCell>
      <Table.DataCell className="fyr-number fyr-subtle fyr-measured-range">
        {rangeOf(latest, written.number)}
      </Table.DataCell>
      <Table.DataCell>
        <Sparkline
          values={numbers}
          {...(low?.value === undefined ? {} : { low: low.value })}
          {...(high?.value === undefined ? {} : { high: high.value })}
        />
      </Table.DataCell>
      <Table.DataCell className="fyr-subtle fyr-number">
        <time dateTime={whenOf(latest)} title={written.when(whenOf(latest))}>
          {written.briefly(whenOf(latest))}
        </time>
      </Table.DataCell>
      <Table.DataCell className="fyr-subtle fyr-number fyr-measured-range">{all.length}</Table.DataCell>
    </Table.Row>
  );
}
