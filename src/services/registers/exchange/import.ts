/**
 * Imports a file of rows into a register: the first fill and the nightly difference alike. First the whole file is checked; a broken row is
 * reported with its line, and, as is set, skipped or nothing is written at all. Then rows are written, each whole or not at all; what is as
 * it was is not written, so an import that was cut off is simply given again.
 */
import { Fault } from '#kernel/fault.ts';
import type { Change } from '#fhir/record/writer.ts';
import { readRows, type SourceRow } from './source.ts';
import type { ExchangeDeps, Plan, RegisterExchange } from './register-exchange.ts';

export type ImportOptions = {
  /** What a broken row does: `skip` leaves it out, `stop` stops all before anything is written. */
  broken: 'skip' | 'stop';
  signal: AbortSignal;
  /** Brings the look-up index up to what has been written. */
  catchUp(): Promise<void>;
  onProgress?: (written: number, total: number) => void;
};

export type BrokenRow = { line: number; problem: string };

export type ImportReport = {
  rows: number;
  /** Rows that changed something, and rows that were as the register has it. */
  written: number;
  unchanged: number;
  broken: BrokenRow[];
  /** True when it was stopped before all was in: by broken rows, or by the caller. */
  stopped: boolean;
};

const batchSize = 400;
const depthMax = 30;

type Numbered<Row> = { line: number; row: Row };

export async function importRegister<Row>(
  deps: ExchangeDeps,
  register: RegisterExchange<Row>,
  path: string,
  options: ImportOptions,
): Promise<ImportReport> {
  await options.catchUp();
  const check = await checkFile(deps, register, path, options.signal);
  const report: ImportReport = { rows: check.rows, written: 0, unchanged: 0, broken: check.broken, stopped: false };
  if (check.broken.length > 0 && options.broken === 'stop') return { ...report, stopped: true };
  for (let phase = 0; phase <= check.lastPhase; phase++) {
    for await (const batch of batches(goodRows(register, path, check, phase))) {
      if (options.signal.aborted) return { ...report, stopped: true };
      await writeBatch(deps, register, batch, report, options);
      if (report.stopped) return report;
      options.onProgress?.(report.written + report.unchanged, check.rows);
    }
  }
  return report;
}

type Check = { rows: number; broken: BrokenRow[]; lines: Set<number>; phases: Map<string, number>; lastPhase: number };

async function checkFile<Row>(
  deps: ExchangeDeps,
  register: RegisterExchange<Row>,
  path: string,
  signal: AbortSignal,
): Promise<Check> {
  const broken: BrokenRow[] = [];
  const seen = new Map<string, number>();
  const after = new Map<string, readonly string[]>();
  let rows = 0;
  for await (const source of readRows(path, register.columns)) {
    signal.throwIfAborted();
    rows++;
    const { row, problem } = rowOf(register, source);
    const key = row === undefined ? undefined : register.keyOf(row);
    const wrong = problem ?? twice(seen, key, source.line) ?? invalid(deps, register, row as Row);
    if (wrong !== undefined) broken.push({ line: source.line, problem: wrong });
    else if (row !== undefined && key !== undefined) {
      const before = register.afterKeys(row);
      if (before.length > 0) after.set(key, before);
    }
  }
  const phases = phasesOf(after, seen);
  return {
    rows,
    broken,
    lines: new Set(broken.map(({ line }) => line)),
    phases,
    lastPhase: Math.max(0, ...phases.values()),
  };
}

function rowOf<Row>(register: RegisterExchange<Row>, source: SourceRow): { row?: Row; problem?: string } {
  if ('problem' in source) return { problem: source.problem };
  const parsed = register.schema.safeParse(source.value);
  if (parsed.success) return { row: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  return { problem: `${where === '' ? '' : `${where}: `}${issue?.message ?? 'is not a row'}` };
}

function twice(seen: Map<string, number>, key: string | undefined, line: number): string | undefined {
  if (key === undefined) return undefined;
  const earlier = seen.get(key);
  if (earlier !== undefined) return `is about the same as line ${earlier}`;
  seen.set(key, line);
  return undefined;
}

function invalid<Row>(deps: ExchangeDeps, register: RegisterExchange<Row>, row: Row): string | undefined {
  for (const resource of register.sketch(row)) {
    const issue = deps.validator
      .validate(resource)
      .issues.find(({ severity }) => severity === 'error' || severity === 'fatal');
    if (issue)
      return `${issue.expression?.[0] ?? resource.resourceType}: ${issue.diagnostics ?? issue.details?.text ?? issue.code}`;
  }
  return undefined;
}

/** How many others must be in before a row: those that wait for none are phase 0 and not listed. */
function phasesOf(
  after: ReadonlyMap<string, readonly string[]>,
  seen: ReadonlyMap<string, number>,
): Map<string, number> {
  const phases = new Map<string, number>();
  const depthOf = (key: string, depth: number): number => {
    const known = phases.get(key);
    if (known !== undefined) return known;
    if (depth > depthMax) throw new Fault('invalid', `Rows wait for each other in a circle: ${key} is among them.`);
    const waitsFor = (after.get(key) ?? []).filter((each) => seen.has(each));
    const phase = waitsFor.length === 0 ? 0 : 1 + Math.max(...waitsFor.map((each) => depthOf(each, depth + 1)));
    if (phase > 0) phases.set(key, phase);
    return phase;
  };
  for (const key of after.keys()) depthOf(key, 0);
  return phases;
}

async function* goodRows<Row>(
  register: RegisterExchange<Row>,
  path: string,
  check: Check,
  phase: number,
): AsyncGenerator<Numbered<Row>> {
  for await (const source of readRows(path, register.columns)) {
    if (check.lines.has(source.line)) continue;
    const { row } = rowOf(register, source);
    if (row !== undefined && (check.phases.get(register.keyOf(row)) ?? 0) === phase) yield { line: source.line, row };
  }
}

async function* batches<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch<Row>(
  deps: ExchangeDeps,
  register: RegisterExchange<Row>,
  batch: readonly Numbered<Row>[],
  report: ImportReport,
  options: ImportOptions,
): Promise<void> {
  const plans = await register.plan(
    deps,
    batch.map(({ row }) => row),
  );
  const good: Planned<Row>[] = [];
  for (const [index, { line, row }] of batch.entries()) {
    const plan = plans[index];
    if (plan === undefined || 'problem' in plan) {
      report.broken.push({ line, problem: plan?.problem ?? 'was not planned' });
      if (options.broken === 'stop') report.stopped = true;
    } else good.push({ line, row, plan });
  }
  // Rows that the register itself refuses stop the rest, not the batch's good ones: each row is whole by itself.
  await writePlans(deps, register, good, report, options);
  await options.catchUp();
}

type Planned<Row> = Numbered<Row> & { plan: Exclude<Plan, { problem: string }> };

async function writePlans<Row>(
  deps: ExchangeDeps,
  register: RegisterExchange<Row>,
  good: readonly Planned<Row>[],
  report: ImportReport,
  options: ImportOptions,
): Promise<void> {
  try {
    return await writeTogether(deps, good, report);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  // One of them is refused, or two are about the same resource: each is planned and written by itself, so that it is known which.
  for (const { line, row } of good) {
    const problem = await writeAlone(deps, register, { line, row }, report);
    if (problem === undefined) continue;
    report.broken.push({ line, problem });
    if (options.broken === 'stop') {
      report.stopped = true;
      return;
    }
  }
}

async function writeAlone<Row>(
  deps: ExchangeDeps,
  register: RegisterExchange<Row>,
  { line, row }: Numbered<Row>,
  report: ImportReport,
): Promise<string | undefined> {
  try {
    const [plan] = await register.plan(deps, [row]);
    if (plan === undefined || 'problem' in plan) return plan?.problem ?? 'was not planned';
    await writeTogether(deps, [{ line, row, plan }], report);
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.issues?.[0]?.diagnostics ?? error.message;
  }
}

function isRefusal(error: unknown): error is Fault {
  return error instanceof Fault && error.kind !== 'unavailable';
}

async function writeTogether<Row>(
  deps: ExchangeDeps,
  good: readonly Planned<Row>[],
  report: ImportReport,
): Promise<void> {
  for (const { plan } of good) await plan.before?.();
  const changes: Change[] = good.flatMap(({ plan }) => plan.changes);
  if (changes.length > 0) await deps.writer.apply(deps.grant, changes);
  for (const { plan } of good) {
    await plan.after?.();
    const hasDone = plan.changes.length > 0 || plan.before !== undefined || plan.after !== undefined;
    report[hasDone ? 'written' : 'unchanged']++;
  }
}
