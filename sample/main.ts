/**
 * Prints the sample region: `npm run sample -- [--residents 10] [--seed fyr] [--today 2026-11-01] [--now 2026-11-01T10:00] [--years 6] [--from 0]`
 * as NDJSON; with `--stats` a table by which it can be judged instead, with `--lives 10` so many records for people to read.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { generateRegion } from './index.ts';
import { printedLives } from './print/lives.ts';
import { statsTable } from './stats/table.ts';
import { Tally } from './stats/tally.ts';

const { values } = parseArgs({
  options: {
    residents: { type: 'string' },
    seed: { type: 'string', default: 'fyr' },
    today: { type: 'string', default: '2026-11-01' },
    now: { type: 'string' },
    years: { type: 'string', default: '6' },
    from: { type: 'string', default: '0' },
    stats: { type: 'boolean', default: false },
    lives: { type: 'string' },
  },
});

const residentsOf = { ndjson: 10, lives: 1500, stats: 6000 };
const wanted = values.stats ? 'stats' : values.lives === undefined ? 'ndjson' : 'lives';
const now = values.now ?? `${values.today}T10:00`;
const settings = {
  residents: Number(values.residents ?? residentsOf[wanted]),
  seed: values.seed,
  today: values.today,
  now,
  historyYears: Number(values.years),
  from: Number(values.from),
};

if (wanted === 'stats') {
  const tally = new Tally(now);
  for await (const item of generateRegion(settings)) tally.add(item);
  process.stdout.write(statsTable(tally));
} else if (wanted === 'lives') {
  process.stdout.write(printedLives(settings, Number(values.lives)));
} else {
  for await (const { resources } of generateRegion(settings)) {
    let lines = '';
    for (const resource of resources) lines += `${JSON.stringify(resource)}\n`;
    if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
  }
}
