/** The table of faults and promises, and the line that says how it ended. */
import { promises, type PromiseName } from './findings.ts';
import type { Row } from './series.ts';

const shown = Object.keys(promises) as PromiseName[];

/** In Markdown: how often each promise was looked at and held, or how often it was broken. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['fault', ...shown, 'agreed after', 'ward read p99', 'ward write p99', 'requests'];
  const lines = rows.map((row) => [
    `${row.fault.id} ${row.fault.name}`,
    ...shown.map((promise) => cellOf(row, promise)),
    row.agreed.obstacle === undefined ? `${(row.agreed.ms / 1000).toFixed(1)} s` : '**not**',
    milliseconds(row.latency.get('ward')?.readP99),
    milliseconds(row.latency.get('ward')?.writeP99),
    `${row.operations.acknowledged}`,
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellOf({ checked, findings }: Row, promise: PromiseName): string {
  const broken = findings.filter((finding) => finding.promise === promise).length;
  if (broken > 0) return `**broken ${broken}**`;
  const count = checked.get(promise);
  return count === undefined ? '·' : `${count}`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '·' : `${Math.round(value)} ms`;
}

export type Counts = { acknowledged: number; lost: number; doubled: number; overwritten: number; broken: number };

export function countsOf(rows: readonly Row[], acknowledged: number): Counts {
  const of = (promise: PromiseName): number =>
    rows.reduce((sum, { findings }) => sum + findings.filter((finding) => finding.promise === promise).length, 0);
  const broken = rows.reduce((sum, { findings }) => sum + findings.length, 0);
  return { acknowledged, lost: of('I1'), doubled: of('I2'), overwritten: of('I3'), broken };
}

export function lastLine(
  { acknowledged, lost, doubled, overwritten, broken }: Counts,
  seed: number,
  rows: readonly Row[],
): string {
  const verdict = broken === 0 ? 'all promises held' : `${broken} BROKEN`;
  return `seed ${seed}: ${rows.length} faults, ${acknowledged} writes acknowledged, ${lost} lost, ${doubled} doubled, ${overwritten} overwritten: ${verdict}`;
}
