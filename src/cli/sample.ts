/** Loads the sample region at the first start. A mark in the database says how far it came, so that any later start goes on there. */
import type { Fhir } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';
import { readMark, writeMark } from '#kernel/mark-store.ts';
import { createProgress } from '#kernel/progress.ts';
import { generateRegion, type RegionItem } from '#sample/index.ts';
import type { Record } from '../app.ts';
import type { CommandContext } from './command.ts';
import { workInFlight } from './in-flight.ts';

/** The first start settles size and day; later ones go on with the same, whatever FYR_SAMPLE says then. */
type Mark = { residents: number; today: string; items: number; complete: boolean };

const markName = 'sample';
const seed = 'fyr';
const atOnce = 4;

export type SampleOutcome = 'complete' | 'interrupted';

/** Loads what is missing of the sample, with progress. Nothing when it is off or was loaded before. */
export async function loadSample(
  record: Pick<Record, 'db' | 'fhir'>,
  config: Pick<Config, 'sampleResidents'>,
  context: CommandContext,
): Promise<SampleOutcome> {
  const earlier = (await readMark(record.db, markName)) as Mark | undefined;
  if (earlier?.complete || (earlier === undefined && config.sampleResidents === 0)) return 'complete';
  const mark = earlier ?? { residents: config.sampleResidents, today: today(), items: 0, complete: false };
  const save = (): Promise<void> => writeMark(record.db, markName, mark);
  await save();
  const progress = createProgress({
    label: 'Sample region',
    unit: 'resources',
    output: context.output,
    clock: systemClock,
  });
  let resources = 0;
  await workInFlight({
    pieces: numbered(mark),
    first: mark.items,
    atOnce,
    signal: context.signal,
    async work(item, index) {
      // A start that was killed may have written items that the mark does not count yet; each was written whole or not at all.
      const maybeWritten = earlier !== undefined && index < earlier.items + atOnce;
      if (!maybeWritten || !(await isWritten(record.fhir, item))) await write(record.fhir, item);
      resources += item.resources.length;
    },
    async save({ done }) {
      mark.items = done;
      // The shared items come before the residents and are few: the share is near enough.
      progress.at(resources, undefined, Math.min(done / mark.residents, 1));
      await save();
    },
  });
  progress.end();
  mark.complete = !context.signal.aborted;
  await save();
  return mark.complete ? 'complete' : 'interrupted';
}

function today(): string {
  return new Date(systemClock.now()).toISOString().slice(0, 10);
}

async function* numbered(mark: Mark): AsyncGenerator<[number, RegionItem]> {
  for await (const item of generateRegion({ residents: mark.residents, seed, today: mark.today, from: mark.items })) {
    yield [item.index, item];
  }
}

async function write(fhir: Fhir, item: RegionItem): Promise<void> {
  if (item.resources.length > 0) await fhir.importResources(item.resources);
}

async function isWritten(fhir: Fhir, { resources }: RegionItem): Promise<boolean> {
  const last = resources.at(-1);
  if (last?.id === undefined) return true;
  try {
    await fhir.dispatch({ method: 'GET', segments: [last.resourceType, last.id], parameters: [], headers: {} });
    return true;
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'notFound' || error.kind === 'gone')) return false;
    throw error;
  }
}
