/** Values over time as lines, each with the reference of its newest value as a band. What the lines say is also in the table beside. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useLanguage } from '../text/texts.ts';
import { useWritten, type Written } from '../text/written.ts';
import { useTheme } from '../ui/theme.ts';
import { aligned, type Line } from './series.ts';

const heightPixels = 280;
/** By colour and by stroke: never the colour alone. */
const strokes: readonly (readonly number[])[] = [[], [8, 4], [2, 4], [12, 4, 2, 4]];
const colours = [
  '--ax-text-accent-subtle',
  '--ax-text-danger-subtle',
  '--ax-text-success-subtle',
  '--ax-text-meta-purple-subtle',
];

export const linesMost = strokes.length;

export function TrendChart({ lines }: { lines: readonly Line[] }) {
  const { t } = useTranslation('results');
  const place = useRef<HTMLDivElement>(null);
  const written = useWritten();
  const theme = useTheme();
  const language = useLanguage();
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const plot = new uPlot(optionsOf(lines, element, written, t('column-when')), aligned(lines), element);
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: heightPixels }));
    sized.observe(element);
    return () => {
      sized.disconnect();
      plot.destroy();
    };
  }, [lines, theme, language, written, t]);
  const names = written.list(lines.map(({ name }) => name));
  return <div ref={place} className="fyr-chart" role="img" aria-label={t('chart-of', { names })} />;
}

function optionsOf(lines: readonly Line[], element: HTMLElement, written: Written, whenLabel: string): uPlot.Options {
  const style = getComputedStyle(element);
  const text = style.getPropertyValue('--ax-text-neutral-subtle');
  const grid = style.getPropertyValue('--ax-border-neutral-subtle');
  const units = [...new Set(lines.map(({ unit }) => unit))];
  const scaleOf = (unit: string): string => `unit ${units.indexOf(unit)}`;
  const axisFont = '13px Roboto, sans-serif';
  return {
    width: element.clientWidth,
    height: heightPixels,
    scales: Object.fromEntries(
      units.map((unit) => [scaleOf(unit), { range: rangeOf(lines.filter((line) => line.unit === unit)) }]),
    ),
    series: [
      { value: (_, at) => (at === null ? '–' : written.when(new Date(at * 1000).toISOString())), label: whenLabel },
      ...lines.map((line, at): uPlot.Series => {
        const colour = style.getPropertyValue(colours[at] ?? '') || text;
        return {
          label: `${line.name}${line.unit === '' ? '' : ` (${line.unit})`}`,
          scale: scaleOf(line.unit),
          stroke: colour,
          dash: [...(strokes[at] ?? [])],
          width: 2,
          spanGaps: true,
          points: { size: 6, fill: colour },
          value: (_, value) => (value === null ? '–' : written.number(value)),
        };
      }),
    ],
    axes: [
      {
        stroke: text,
        grid: { stroke: grid, width: 1 },
        ticks: { stroke: grid },
        font: axisFont,
        space: 72,
        values: (_, times) => times.map((at) => tickOf(at, times, written)),
      },
      ...units.slice(0, 2).map((unit, at): uPlot.Axis => ({
        scale: scaleOf(unit),
        side: at === 0 ? 3 : 1,
        stroke: text,
        font: axisFont,
        size: 56,
        grid: { show: at === 0, stroke: grid, width: 1 },
        ticks: { stroke: grid },
        values: (_, values) => values.map((value) => written.number(value)),
      })),
    ],
    hooks: {
      drawClear: [(plot) => drawBands(plot, lines, scaleOf, style.getPropertyValue('--ax-bg-success-moderate'))],
    },
  };
}

/** From the least to the most of the lines and their references, with some air. */
function rangeOf(lines: readonly Line[]): [number, number] {
  const values = lines.flatMap(({ points, low, high }) => [
    ...points.map(({ value }) => value),
    ...(low === undefined ? [] : [low]),
    ...(high === undefined ? [] : [high]),
  ]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = (most - least) * 0.1 || Math.abs(most) * 0.1 || 1;
  return [least - air, most + air];
}

const dayStep = 86_400;

/** The hour where the ticks are nearer than a day, else the day, and the month where they are further apart. */
function tickOf(at: number, times: readonly number[], written: Written): string {
  const step = (times[1] ?? at) - (times[0] ?? at);
  const iso = new Date(at * 1000).toISOString();
  if (step > 0 && step < dayStep) return written.briefly(iso);
  return step > dayStep * 25 ? `${iso.slice(5, 7)}.${iso.slice(0, 4)}` : written.briefly(iso.slice(0, 10));
}

/** Only where one reference holds: bands over each other say nothing. */
function drawBands(plot: uPlot, lines: readonly Line[], scaleOf: (unit: string) => string, colour: string): void {
  const [line] = lines;
  if (line === undefined || lines.length !== 1 || (line.low === undefined && line.high === undefined)) return;
  const scale = plot.scales[scaleOf(line.unit)];
  const top = plot.valToPos(line.high ?? scale?.max ?? 0, scaleOf(line.unit), true);
  const bottom = plot.valToPos(line.low ?? scale?.min ?? 0, scaleOf(line.unit), true);
  plot.ctx.fillStyle = colour;
  plot.ctx.fillRect(plot.bbox.left, top, plot.bbox.width, bottom - top);
}
