/** Positive controls: the same trial on nodes that lack one protection. Each must be caught, by a promise that the protection is for. */
import { alterations, type Alteration } from './alterations.ts';
import { faults } from './faults/index.ts';
import { runSeries } from './series.ts';
import { withTrial } from './session.ts';

export type Caught = { alteration: Alteration; by: string | undefined };

/** `only`: the name of one of them; undefined: all. */
export async function tryControls(
  seed: number,
  only: string | undefined,
  say: (line: string) => void,
): Promise<Caught[]> {
  const tried: Caught[] = [];
  for (const alteration of alterations.filter(({ name }) => only === undefined || name === only)) {
    say(`without: ${alteration.what}`);
    tried.push({ alteration, by: await caughtBy(alteration, seed, say) });
  }
  return tried;
}

async function caughtBy(
  { name, names, fault, breaks }: Alteration,
  seed: number,
  say: (line: string) => void,
): Promise<string | undefined> {
  const brought = faults.filter(({ id }) => id === fault);
  const options = { seed, names, say: () => {}, patients: 4, paceMs: 60, without: name };
  try {
    return await withTrial(options, async (trial) => {
      const [row] = await runSeries(trial, brought);
      const found = row?.findings.find(({ promise }) => breaks.includes(promise));
      say(found === undefined ? '   MISSED' : `   caught: ${found.promise} at ${found.node}: ${found.what}`);
      return found?.promise;
    });
  } catch (error) {
    // A node that can not even begin has shown nothing about the check.
    say(`   could not be tried: ${(error as Error).message}`);
    return undefined;
  }
}
