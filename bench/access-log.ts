/**
 * The access log by itself: `node bench/access-log.ts [--entries N] [--seconds N]`. 1,000,000 entries unless told otherwise; 10,000,000 take some minutes to
 * fill in, and 7 GB of disk. What is measured: `access-log-figures.ts`.
 */
import { parseArgs } from 'node:util';
import { measureAccessLog } from './access-log-figures.ts';
import { printTable } from './report.ts';
import { startDatabase } from './support/processes.ts';

const { values } = parseArgs({
  options: { entries: { type: 'string', default: '1000000' }, seconds: { type: 'string', default: '4' } },
});
const database = await startDatabase();
try {
  await measureAccessLog(database.url, {
    entries: Number(values.entries),
    seconds: Number(values.seconds),
    add: (...figures) => printTable(figures),
  });
} finally {
  await database.stop();
}
