/** Fills a new node with the sample region, as Norwegian reality would fill it. Goes on where it stopped; never runs twice. */
import type { Fhir } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config } from '#kernel/config.ts';
import { Fault } from '#kernel/fault.ts';
import { createProgress } from '#kernel/progress.ts';
import { generateRegion, protectedAddresses, storyDays, type RegionItem } from '#sample/index.ts';
import type { Record } from '../app.ts';
import type { CommandContext } from './command.ts';
import { workInFlight } from './in-flight.ts';
import {
  momentOf,
  readSampleMark,
  sampleEdition,
  sampleSeed,
  writeSampleMark,
  type SampleMark,
} from './sample-mark.ts';

const atOnce = 4;

export type SampleOutcome = 'complete' | 'interrupted';

/** Loads what is missing of the sample, with progress. Nothing when it is off or was loaded before. */
export async function loadSample(
  record: Pick<Record, 'db' | 'fhir' | 'registers'>,
  config: Pick<Config, 'sampleResidents'>,
  context: CommandContext,
): Promise<SampleOutcome> {
  const earlier = await readSampleMark(record.db);
  if (earlier?.complete || (earlier === undefined && config.sampleResidents === 0)) return 'complete';
  const mark = markToGoOnWith(earlier, config.sampleResidents);
  const save = (): Promise<void> => writeSampleMark(record.db, mark);
  await save();
  const progress = createProgress({
    label: 'Sample region',
    unit: 'resources',
    output: context.output,
    clock: systemClock,
  });
  const first = mark.items;
  let resources = 0;
  await workInFlight({
    pieces: numbered(mark),
    first,
    atOnce,
    signal: context.signal,
    async work(item, index) {
      // A start that was killed may have written items that the mark does not count yet; each was written whole or not at all.
      const maybeWritten = earlier !== undefined && index < first + atOnce;
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
  if (!context.signal.aborted) await tellProtectedAddresses(record, mark);
  mark.complete = !context.signal.aborted;
  await save();
  return mark.complete ? 'complete' : 'interrupted';
}

/** The first start settles size, day and moment; later ones go on with the same. Another edition's items are others: from the start then. */
function markToGoOnWith(earlier: SampleMark | undefined, residents: number): SampleMark {
  if (earlier?.edition === sampleEdition) return earlier;
  const now = momentOf(systemClock.now());
  const size = earlier?.residents ?? residents;
  return { residents: size, today: now.slice(0, 10), now, items: 0, complete: false, edition: sampleEdition };
}

/** The register of persons is told where those live whose address is protected; no record has it. Who is not born yet is told of later. */
export async function tellProtectedAddresses(
  { registers }: Pick<Record, 'registers'>,
  { residents, today }: Pick<SampleMark, 'residents' | 'today'>,
): Promise<void> {
  await registers.protectAddresses(protectedAddresses({ residents, seed: sampleSeed, today }, storyDays));
}

async function* numbered({ residents, today, now, items }: SampleMark): AsyncGenerator<[number, RegionItem]> {
  for await (const item of generateRegion({ residents, seed: sampleSeed, today, now, from: items })) {
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
    await fhir.dispatch(
      { method: 'GET', segments: [last.resourceType, last.id], parameters: [], headers: {} },
      fhir.context.grants.background('sample'),
    );
    return true;
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'notFound' || error.kind === 'gone')) return false;
    throw error;
  }
}
