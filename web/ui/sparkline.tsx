/** The last values as a line: whether it goes up or down, at a glance. The values themselves are in the table. */

const width = 72;
const height = 20;
const edge = 3;

/** @param values oldest first; fewer than two are no line */
export function Sparkline({ values, low, high }: { values: number[]; low?: number; high?: number }) {
  if (values.length < 2) return null;
  const ends = [...values, ...(low === undefined ? [] : [low]), ...(high === undefined ? [] : [high])];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const x = (at: number): number => edge + (at / (values.length - 1)) * (width - 2 * edge);
  const y = (value: number): number => height - edge - ((value - least) / (most - least || 1)) * (height - 2 * edge);
  const points = values.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
  const [top, bottom] = [y(high ?? most), y(low ?? least)];
  const hasBand = low !== undefined || high !== undefined;
  return (
    <svg className="fyr-sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {hasBand && (
        <rect className="fyr-sparkline-band" x={0} width={width} y={top} height={Math.max(bottom - top, 1)} />
      )}
      <polyline points={points.join(' ')} />
      <circle cx={x(values.length - 1)} cy={y(values.at(-1) as number)} r={2.5} />
    </svg>
  );
}
