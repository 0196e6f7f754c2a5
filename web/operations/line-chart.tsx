/** A line over time on a canvas (uPlot), in the colours of the theme, as wide as its place. */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useWritten, type Written } from '../text/written.ts';
import { useTheme } from '../ui/theme.ts';

type LineChartProps = {
  /** What a screen reader says instead of the picture. */
  label: string;
  /** When (milliseconds since 1970) and how much, oldest first. */
  samples: readonly (readonly [number, number])[];
  /** The same function until the language changes: else the picture is drawn anew. */
  say: (value: number) => string;
  /** From where on it is an alarm. */
  limit: number | undefined;
};

const height = 220;
/** Between two samples of a line that goes on, seconds. */
const gapSeconds = 150;

export function LineChart({ label, samples, say, limit }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const written = useWritten();
  const theme = useTheme();
  useEffect(() => {
    const at = place.current;
    if (at === null) return undefined;
    const chart = new uPlot(optionsOf(at, { written, say, hasLimit: limit !== undefined }), dataOf(samples, limit), at);
    const watch = new ResizeObserver(() => chart.setSize({ width: at.clientWidth, height }));
    watch.observe(at);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [samples, written, theme, limit, say]);
  return <div ref={place} role="img" aria-label={label} className="fyr-chart-place" />;
}

/** Where the node did not run there is no line. */
function dataOf(samples: LineChartProps['samples'], limit: number | undefined): uPlot.AlignedData {
  const times: number[] = [];
  const values: (number | null)[] = [];
  for (const [at, value] of samples) {
    const seconds = at / 1000;
    const before = times.at(-1);
    if (before !== undefined && seconds - before > gapSeconds) {
      times.push(before + 1);
      values.push(null);
    }
    times.push(seconds);
    values.push(value);
  }
  return limit === undefined ? [times, values] : [times, values, times.map(() => limit)];
}

type Drawing = Pick<LineChartProps, 'say'> & { written: Written; hasLimit: boolean };

function optionsOf(at: HTMLElement, { written, say, hasLimit }: Drawing): uPlot.Options {
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
    legend: { show: false },
    cursor: { drag: { setScale: false, x: false } },
    axes: [
      {
        ...axis,
        space: 70,
        values: (_chart, splits) => splits.map((seconds) => written.briefly(new Date(seconds * 1000).toISOString())),
      },
      { ...axis, size: 74, values: (_chart, splits) => splits.map(say) },
    ],
    scales: {
      // A single sample has no width of its own.
      x: { range: (_chart, least, most) => (least === most ? [least - 1800, most + 1800] : [least, most]) },
      y: { range: (_chart, least, most) => [Math.min(0, least), most === 0 ? 1 : most * 1.1] },
    },
    series: [
      {},
      { stroke: colour('--ax-text-accent-subtle'), width: 2, spanGaps: false, points: { show: false } },
      ...(hasLimit
        ? [{ stroke: colour('--ax-text-danger-subtle'), width: 1, dash: [6, 4], points: { show: false } }]
        : []),
    ],
  };
}
