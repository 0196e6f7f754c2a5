/** Counts by week as lines (uPlot), told apart by colour and by how they are drawn; the same as a table, week by week. */
import { Button, Table } from '@navikt/ds-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useWritten, type Written } from '../text/written.ts';
import { useTheme } from '../ui/theme.ts';
import type { Series } from './report-series.ts';

type WeekChartProps = { title: string; lead: string; weeks: readonly string[]; series: readonly Series[] };

const height = 220;
/** Between two words under the picture, pixels. */
const wordWidth = 72;
/** By the theme's tokens; the dashes tell them apart without colour. */
const lines = [
  { colour: '--ax-text-accent-subtle', dash: [] },
  { colour: '--ax-text-success-subtle', dash: [8, 4] },
  { colour: '--ax-text-warning-subtle', dash: [2, 3] },
  { colour: '--ax-text-danger-subtle', dash: [12, 4, 2, 4] },
  { colour: '--ax-text-meta-purple-subtle', dash: [5, 5] },
  { colour: '--ax-text-neutral-subtle', dash: [1, 5] },
] as const;
const lineOf = (at: number): (typeof lines)[number] => lines[at % lines.length] ?? lines[0];

export function WeekChart({ title, lead, weeks, series }: WeekChartProps) {
  const { t } = useTranslation('privacy');
  const id = useId();
  const [isTable, setIsTable] = useState(false);
  const isEmpty = series.every(({ values }) => values.every((value) => value === 0));
  return (
    <section aria-labelledby={id} className="fyr-card fyr-stack">
      <div className="fyr-row fyr-row-apart fyr-row-middle fyr-card-head">
        <h2 id={id}>{title}</h2>
        {!isEmpty && (
          <Button size="small" variant="tertiary" onClick={() => setIsTable((before) => !before)}>
            {t(isTable ? 'as-line' : 'as-table')}
            <span className="fyr-unseen"> {title}</span>
          </Button>
        )}
      </div>
      <p className="fyr-plain fyr-subtle">{isEmpty ? t('report-none') : lead}</p>
      {!isEmpty &&
        (isTable ? (
          <Weeks title={title} weeks={weeks} series={series} />
        ) : (
          <>
            <Lines title={title} weeks={weeks} series={series} />
            <Legend series={series} />
          </>
        ))}
    </section>
  );
}

type Shown = Pick<WeekChartProps, 'title' | 'weeks' | 'series'>;
const totalOf = ({ values }: Series): number => values.reduce((sum, value) => sum + value, 0);

function Lines({ title, weeks, series }: Shown) {
  const { t } = useTranslation('privacy');
  const place = useRef<HTMLDivElement>(null);
  const written = useWritten();
  const theme = useTheme();
  useEffect(() => {
    const at = place.current;
    if (at === null) return undefined;
    const times = weeks.map((week) => Date.parse(`${week}T00:00:00Z`) / 1000);
    const chart = new uPlot(optionsOf(at, series, written), [times, ...series.map(({ values }) => [...values])], at);
    const watch = new ResizeObserver(() => chart.setSize({ width: at.clientWidth, height }));
    watch.observe(at);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [weeks, series, written, theme]);
  const label = t('chart-of', {
    title,
    totals: written.list(series.map((one) => `${one.name} ${written.number(totalOf(one))}`)),
  });
  return <div ref={place} role="img" aria-label={label} className="fyr-chart-place" />;
}

function optionsOf(at: HTMLElement, series: readonly Series[], written: Written): uPlot.Options {
  const style = getComputedStyle(at);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  const axis = {
    stroke: style.color,
    grid: { stroke: colour('--ax-border-neutral-subtle'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: at.clientWidth,
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    legend: { show: false },
    cursor: { drag: { setScale: false, x: false } },
    axes: [
      {
        ...axis,
        // Each on a Monday, the newest among them.
        splits: (chart) => {
          const times = [...(chart.data[0] ?? [])];
          const every = Math.max(1, Math.ceil((times.length * wordWidth) / chart.width));
          return times.filter((_, at) => (times.length - 1 - at) % every === 0);
        },
        values: (_chart, splits) =>
          splits.map((seconds) => written.briefly(new Date(seconds * 1000).toISOString().slice(0, 10))),
      },
      {
        ...axis,
        size: 56,
        values: (_chart, splits) => splits.map((value) => (Number.isInteger(value) ? written.number(value) : '')),
      },
    ],
    scales: { y: { range: (_chart, _least, most) => [0, Math.max(1, most * 1.1)] } },
    series: [
      {},
      ...series.map((_, index) => {
        const { colour: token, dash } = lineOf(index);
        return {
          stroke: colour(token),
          width: 2,
          dash: [...dash],
          points: { show: true, size: 5, fill: colour(token) },
        };
      }),
    ],
  };
}

function Legend({ series }: { series: readonly Series[] }) {
  const written = useWritten();
  return (
    <ul className="fyr-plain fyr-row">
      {series.map((one, index) => {
        const { colour, dash } = lineOf(index);
        return (
          <li key={one.name} className="fyr-sign">
            <svg width="34" height="8" aria-hidden="true">
              <line
                x1="0"
                y1="4"
                x2="34"
                y2="4"
                stroke={`var(${colour})`}
                strokeWidth="3"
                strokeDasharray={dash.join(' ')}
              />
            </svg>
            <span>
              {one.name} <span className="fyr-subtle">{written.number(totalOf(one))}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The newest week first. */
function Weeks({ title, weeks, series }: Shown) {
  const { t } = useTranslation('privacy');
  const written = useWritten();
  return (
    <div className="fyr-scroll">
      <Table size="small" aria-label={title}>
        <Table.Header>
          <Table.Row>
            <Table.HeaderCell scope="col">{t('week-from')}</Table.HeaderCell>
            {series.map(({ name }) => (
              <Table.HeaderCell key={name} scope="col" align="right">
                {name}
              </Table.HeaderCell>
            ))}
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {weeks
            .map((week, at) => (
              <Table.Row key={week}>
                <Table.HeaderCell scope="row">{written.date(week)}</Table.HeaderCell>
                {series.map(({ name, values }) => (
                  <Table.DataCell key={name} align="right" className="fyr-number">
                    {written.number(values[at] ?? 0)}
                  </Table.DataCell>
                ))}
              </Table.Row>
            ))
            .toReversed()}
        </Table.Body>
      </Table>
    </div>
  );
}
