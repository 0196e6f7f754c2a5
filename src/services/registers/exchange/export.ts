/** Writes a register as CSV or NDJSON, in the very form that it is imported in. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { Fault } from '#kernel/fault.ts';
import { csvLine } from './csv.ts';
import { cellsOf } from './source.ts';
import type { ExchangeDeps, RegisterExchange } from './register-exchange.ts';

/** Written beside and renamed when whole, so that half a file is never taken for one. How many rows. */
export async function exportRegister<Row extends object>(
  deps: ExchangeDeps,
  register: RegisterExchange<Row>,
  path: string,
  options: { mayKnowProtectedAddress: boolean; signal: AbortSignal; onProgress?: (rows: number) => void },
): Promise<number> {
  const isCsv = /\.csv$/i.test(path);
  if (!isCsv && !/\.ndjson$/i.test(path)) throw new Fault('invalid', `${path} must end in .csv or .ndjson.`);
  const stream = createWriteStream(`${path}.new`, { flags: 'w', flush: true });
  let rows = 0;
  try {
    if (isCsv) stream.write(csvLine(register.columns.map(({ name }) => name)));
    for await (const row of register.rows(deps, options)) {
      options.signal.throwIfAborted();
      const text = isCsv ? csvLine(cellsOf(register.columns, row)) : `${JSON.stringify(row)}\n`;
      if (!stream.write(text)) await once(stream, 'drain');
      rows++;
      options.onProgress?.(rows);
    }
  } finally {
    stream.end();
    await once(stream, 'close');
  }
  await rename(`${path}.new`, path);
  return rows;
}
