/** `npm run chaos -- --simulate [--seeds N] [--seed S] [--controls]`: the sync rules under faults by the thousand. Exit code 1 when a promise was broken. */
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { rules } from '../protocol/rules.ts';
import { controls } from './controls.ts';
import { prepare } from './run.ts';
import { explained, searchSeeds, type Finding } from './search.ts';
import { searchOnAllCores } from './search-many.ts';

const { values } = parseArgs({
  options: {
    simulate: { type: 'boolean' },
    controls: { type: 'boolean' },
    seeds: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
});
const first = Number(values.seed);
const seeds = Number(values.seeds);
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(seeds) || seeds < 1) {
  console.error('--seed and --seeds are whole numbers.');
  process.exit(2);
}
const start = prepare();
process.exitCode = ((await simulate()) ? 0 : 1) || (values.controls && !tryControls() ? 1 : 0);

async function simulate(): Promise<boolean> {
  const began = performance.now();
  const build = { rules, faulty: {} };
  const searched = await searchOnAllCores({ first, seeds });
  const seconds = (performance.now() - began) / 1000;
  const [finding] = searched.findings;
  if (finding)
    for (const line of ['A promise was broken. In the fewest steps:', ...explained(build, start, finding)])
      console.log(line);
  console.log(
    [...searched.counts]
      .sort()
      .map(([what, count]) => `  ${what}: ${count}`)
      .join('\n'),
  );
  const rate = Math.round(searched.seeds / seconds);
  console.log(
    `${searched.seeds} seeds from ${first} in ${seconds.toFixed(1)} s (${rate} a second): ${finding ? 'BROKEN' : 'all promises held'}`,
  );
  return !finding;
}

function tryControls(): boolean {
  let missed = 0;
  for (const control of controls) {
    const isCaught = ({ invariant }: Finding): boolean => control.breaks.includes(invariant);
    const { findings } = searchSeeds(control, start, { first: control.from, seeds }, (found) => found.some(isCaught));
    const caught = findings.find(isCaught);
    if (!caught) missed++;
    console.log(
      caught ? `caught  ${control.name}: ${caught.invariant} at seed ${caught.seed}` : `MISSED  ${control.name}`,
    );
  }
  console.log(`${controls.length - missed} of ${controls.length} builds without a protection were caught`);
  return missed === 0;
}
