/** How far long work has come: a bar with rate and time left on a terminal, a plain line now and then elsewhere. */
import type { Clock } from './clock.ts';

export type ProgressOptions = {
  /** What is being done: `Sample region`. */
  label: string;
  /** What is counted, in the plural: `resources`. */
  unit: string;
  /** The end of the count, where it is known. */
  total?: number;
  output: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  clock: Clock;
};

export type Progress = {
  /** `done` is the whole count so far, not what was added. `share`, 0 to 1, where the end is known in something else than units (bytes). */
  at(done: number, total?: number, share?: number): void;
  /** Leaves a last line standing. */
  end(): void;
};

const redrawMs = 100;
const plainLineMs = 5000;
const rateWindowMs = 10_000;

/** Work that is resumed begins with an `at` of what was done before, which then does not count in the rate. Nothing is drawn before the first `at`. */
export function createProgress(options: ProgressOptions): Progress {
  const { output, clock } = options;
  const startedMs = clock.now();
  const everyMs = output.isTTY ? redrawMs : plainLineMs;
  const marks: { atMs: number; done: number }[] = [];
  let drawnMs = output.isTTY ? 0 : startedMs;
  let done = 0;
  let resumedAt: number | undefined;
  let total = options.total;
  let share: number | undefined;
  let firstShare: number | undefined;

  const draw = (final: boolean): void => {
    const nowMs = clock.now();
    drawnMs = nowMs;
    const first = marks[0] ?? { atMs: startedMs, done };
    const line = progressLine({
      ...options,
      done,
      total,
      share,
      sharePerMs: ((share ?? 0) - (firstShare ?? 0)) / Math.max(nowMs - startedMs, 1),
      rate: ((done - first.done) * 1000) / Math.max(nowMs - first.atMs, 1),
      elapsedMs: nowMs - startedMs,
      final,
      // A terminal that does not know its width says 0.
      columns: output.columns || 80,
      bar: output.isTTY === true,
    });
    output.write(output.isTTY ? `\r\u001B[2K${line}${final ? '\n' : ''}` : `${line}\n`);
  };
  return {
    at(count, newTotal = total, newShare) {
      resumedAt ??= count;
      firstShare ??= newShare;
      done = count;
      total = newTotal;
      share = newShare;
      const nowMs = clock.now();
      if (nowMs - (marks.at(-1)?.atMs ?? 0) >= redrawMs) marks.push({ atMs: nowMs, done });
      while (marks.length > 2 && nowMs - (marks[0]?.atMs ?? 0) > rateWindowMs) marks.shift();
      if (nowMs - drawnMs >= everyMs) draw(false);
    },
    end() {
      // Of the whole, not of the last seconds.
      marks.splice(0, marks.length, { atMs: startedMs, done: resumedAt ?? 0 });
      draw(true);
    },
  };
}

type Line = {
  label: string;
  unit: string;
  done: number;
  total: number | undefined;
  /** 0 to 1, instead of a total. */
  share?: number | undefined;
  sharePerMs?: number;
  /** Units a second. */
  rate: number;
  elapsedMs: number;
  final: boolean;
  columns: number;
  bar: boolean;
};

/** One line of progress, no longer than the terminal is wide. */
export function progressLine(line: Line): string {
  const share = line.total === undefined ? line.share : Math.min(line.done / Math.max(line.total, 1), 1);
  const count = `${grouped(line.done)} ${line.unit}`;
  const rate = line.rate > 0 ? ` · ${grouped(Math.round(line.rate))}/s` : '';
  if (line.final) return fit(`${line.label}: ${count} in ${duration(line.elapsedMs)}${rate}`, line.columns);
  const left = leftMs(line);
  const leftWords = left === undefined ? '' : ` · ${duration(left)} left`;
  const percent = share === undefined ? '' : ` ${String(Math.floor(share * 100)).padStart(3)} %`;
  const bar = share === undefined || !line.bar ? '' : ` ${'█'.repeat(Math.round(share * 20)).padEnd(20, '░')}`;
  return fit(`${line.label}:${bar}${percent} · ${count}${rate}${leftWords}`.replace(': ·', ':'), line.columns);
}

function leftMs(line: Line): number | undefined {
  if (line.total !== undefined) return line.rate > 0 ? ((line.total - line.done) / line.rate) * 1000 : undefined;
  if (line.share === undefined || !line.sharePerMs) return undefined;
  return (1 - line.share) / line.sharePerMs;
}

function fit(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(columns - 2, 1))}…`;
}

/** 12345 → 12 345, with the thin space that Norwegian uses. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202F');
}

function duration(ms: number): string {
  const seconds = Math.max(Math.round(ms / 1000), 0);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
