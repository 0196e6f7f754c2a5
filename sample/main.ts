/** Prints the sample region as NDJSON: `node sample/main.ts --residents 10 --seed 1 [--today 2026-11-01] [--years 6] > region.ndjson`. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { generateRegion } from './index.ts';

const { values } = parseArgs({
  options: {
    residents: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    today: { type: 'string', default: '2026-11-01' },
    years: { type: 'string', default: '6' },
    from: { type: 'string', default: '0' },
  },
});

const settings = {
  residents: Number(values.residents),
  seed: values.seed,
  today: values.today,
  historyYears: Number(values.years),
  from: Number(values.from),
};

for await (const { resources } of generateRegion(settings)) {
  let lines = '';
  for (const resource of resources) lines += `${JSON.stringify(resource)}\n`;
  if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
}
