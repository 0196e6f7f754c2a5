/** Where a value lies beside where it usually is. What it shows stands in words beside it. */

const width = 240;
const height = 28;

export function BandScale({
  value,
  low,
  high,
}: {
  value: number | undefined;
  low: number | undefined;
  high: number | undefined;
}) {
  if (value === undefined || low === undefined || high === undefined || high <= low) return null;
  const spread = high - low;
  const [least, most] = [
    Math.min(low - spread / 2, value - spread / 8),
    Math.max(high + spread / 2, value + spread / 8),
  ];
  const x = (of: number): number => ((of - least) / (most - least)) * width;
  return (
    <svg
      className="fyr-band-scale"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMinYMid meet"
      aria-hidden="true"
    >
      <rect className="fyr-scale" x={0} y={14} width={width} height={6} rx={3} />
      <rect className="fyr-usual" x={x(low)} y={14} width={x(high) - x(low)} height={6} rx={3} />
      <path className="fyr-mark" d={`M${x(value).toFixed(1)} 13 l-6 -9 h12 z`} />
    </svg>
  );
}
