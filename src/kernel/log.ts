/** The log: JSON lines for machines, on standard error, or in a file where standard error is a person's terminal. */
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, pino, type Logger } from 'pino';
import { withhold, withholdText } from './log-withheld.ts';

export type Log = Logger;

export type LogOptions = {
  level: 'debug' | 'info' | 'warn' | 'error';
  /** Written to this file (its folder is made), else to standard error. */
  file?: string;
  /** Stands in every line. */
  node: string;
};

/** At start a file beyond this is set aside as `<file>.1`, so that two of them are the most that is kept. */
const fileBytesMax = 50 * 1024 * 1024;

/** Opens the log. What it logs never holds a resource's content: ids and kinds only; secrets and national numbers are withheld from every line. */
export function openLog(options: LogOptions): { log: Log; close(): Promise<void> } {
  if (options.file !== undefined) makeRoom(options.file);
  const target = destination({ dest: options.file ?? 2, sync: false });
  const log = pino(
    {
      level: options.level,
      base: { node: options.node },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => withhold(error) },
      formatters: { log: (object) => withhold(object) as { [name: string]: unknown } },
      hooks: {
        logMethod(words, method) {
          method.apply(this, messageWithheld(words) as typeof words);
        },
      },
    },
    target,
  );
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      target.once('close', () => resolve());
      target.once('error', () => resolve());
      target.end();
    });
  return { log, close };
}

/** A line without a message gets that of its error. */
function messageWithheld(words: readonly unknown[]): unknown[] {
  const [first, ...rest] = words;
  const error = first instanceof Error ? first : (first as { err?: unknown } | null | undefined)?.err;
  const message = rest.length === 0 && error instanceof Error ? [error.message] : rest;
  return [first, ...message].map((word) => (typeof word === 'string' ? withholdText(word) : word));
}

function makeRoom(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > fileBytesMax) renameSync(file, `${file}.1`);
}
