/** A number over the last hour, day or week, as the node kept it: a line, and the same as a table an hour a row. */
import { Button, Table, ToggleGroup } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistoryAnswer, NumberName } from '#continuity/operations/contract.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { TableHead } from '../ui/table-head.tsx';
import { LineChart } from './line-chart.tsx';
import { numberWords } from './number-words.ts';
import { historyQuery } from './queries.ts';

type HistoryProps = {
  name: NumberName;
  /** Below this one; undefined: this one. */
  node: string | undefined;
  hours: number;
  limit: number | undefined;
  onHours: (hours: number) => void;
  onClose: () => void;
};

export function History({ name, node, hours, limit, onHours, onClose }: HistoryProps) {
  const { t } = useTranslation('operations');
  const query = useQuery(historyQuery(name, hours, node));
  const [isTable, setIsTable] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const title = t(`number-${name}`);
  return (
    <section aria-labelledby="history" className="fyr-card fyr-stack">
      <div className="fyr-row fyr-row-apart fyr-row-middle fyr-card-head">
        <h2 id="history" ref={heading} tabIndex={-1}>
          {node === undefined ? t('history-of', { title }) : t('history-at', { title, node })}
        </h2>
        <div className="fyr-row fyr-row-middle">
          <ToggleGroup
            size="small"
            value={String(hours)}
            onChange={(value) => onHours(Number(value))}
            aria-label={t('period')}
          >
            {[1, 24, 168].map((each) => (
              <ToggleGroup.Item key={each} value={String(each)}>
                {t(`period-${each}`)}
              </ToggleGroup.Item>
            ))}
          </ToggleGroup>
          <Button size="small" variant="tertiary" onClick={() => setIsTable((before) => !before)}>
            {t(isTable ? 'as-line' : 'as-table')}
          </Button>
          <Button size="small" variant="tertiary" onClick={onClose}>
            {t('close')}
          </Button>
        </div>
      </div>
      <Loaded query={query}>
        {({ samples }) =>
          samples.length === 0 ? (
            <p className="fyr-plain">{t('history-none')}</p>
          ) : isTable ? (
            <Hours name={name} samples={samples} title={title} />
          ) : (
            <Line name={name} samples={samples} limit={limit} title={title} />
          )
        }
      </Loaded>
    </section>
  );
}

type Samples = HistoryAnswer['samples'];
type ShownProps = { name: NumberName; samples: Samples; title: string };

function Line({ name, samples, limit, title }: ShownProps & { limit: number | undefined }) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  const hourSign = t('hour-sign');
  const say = useCallback(
    (value: number): string => numberWords(name, value, written, hourSign),
    [name, written, hourSign],
  );
  const values = samples.map(([, value]) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const last = values.at(-1) as number;
  const told = t('history-told', { least: say(least), most: say(most), last: say(last) });
  return (
    <figure className="fyr-plain">
      <LineChart label={`${title}. ${told}`} samples={samples} say={say} limit={limit} />
      <figcaption className="fyr-subtle">{told}</figcaption>
    </figure>
  );
}

const hourMs = 3_600_000;

function Hours({ name, samples, title }: ShownProps) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  const hours = Map.groupBy(samples, ([at]) => Math.floor(at / hourMs) * hourMs);
  const say = (value: number): string => numberWords(name, value, written, t('hour-sign'));
  return (
    <div className="fyr-scroll fyr-low" tabIndex={0} role="region" aria-label={title}>
      <Table size="small">
        <TableHead columns={['history-hour', 'least', 'most'].map((column) => t(column))} />
        <Table.Body>
          {[...hours].toReversed().map(([hour, of]) => (
            <Table.Row key={hour}>
              <Table.HeaderCell scope="row">{written.when(new Date(hour).toISOString())}</Table.HeaderCell>
              <Table.DataCell className="fyr-number">{say(Math.min(...of.map(([, value]) => value)))}</Table.DataCell>
              <Table.DataCell className="fyr-number">{say(Math.max(...of.map(([, value]) => value)))}</Table.DataCell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}
