/** Damage to the record of a node: found by reading it through, healed from another node. */
import type { Transport } from '../line/transport.ts';
import { healOverLine, healPath, type HealDeps } from './heal.ts';
import { scrubRecord } from './record-scrub.ts';
import type { Clock } from '#kernel/clock.ts';

export { countDamaged } from './damage-store.ts';
export { healBelow, healBytesMax, healPath, healShape, type HealDeps } from './heal.ts';

/** As the settings say: bytes a second at most, and how long after the last reading-through began the next does. */
export type TendDeps = HealDeps & { clock: Clock; scrubBytesPerSecond: number; scrubEveryMs: number };

const readForMs = 4000;
const lineLimitMs = 60_000;

/** Looks for damage for some seconds, where it is time to, and mends what is known of together with the node above. */
export async function tendRecord(
  deps: TendDeps,
  above: Pick<Transport, 'ask'> | undefined,
  ending: AbortSignal,
): Promise<void> {
  const { db, clock, scrubBytesPerSecond: bytesPerSecond, scrubEveryMs: everyMs } = deps;
  await scrubRecord({ db, clock, bytesPerSecond, everyMs }, readForMs, ending);
  if (above === undefined || ending.aborted) return;
  const signal = AbortSignal.any([ending, AbortSignal.timeout(lineLimitMs)]);
  await healOverLine(deps, (body) => above.ask('POST', healPath, body, signal));
}
