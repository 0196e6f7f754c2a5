/** How figures are told. */
export type Figure = {
  what: string;
  value: number;
  unit: string;
  /** The bare limit in the same unit, measured in the same run. */
  bare?: number;
  /** The least share of the bare limit (or the most, for `ceiling`) that is asked for. */
  target?: string;
  note?: string;
};

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toLocaleString('en', { maximumFractionDigits: 2 });

export function printTable(figures: readonly Figure[]): void {
  for (const { what, value, unit, bare, target, note } of figures) {
    const share = bare === undefined ? '' : `${(value / bare).toFixed(2)} of ${shown(bare)}`;
    console.log(
      `${what.padEnd(52)} ${`${shown(value)} ${unit}`.padStart(22)}  ${share.padEnd(20)} ${target === undefined ? '' : `(asked: ${target})`} ${note ?? ''}`.trimEnd(),
    );
  }
}
