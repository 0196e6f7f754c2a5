/** `fyr sample`: what the clocks of the sample region show, and moving them on: the region goes on living until then. */
import { systemClock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import { createProgress } from '#kernel/progress.ts';
import { regionChanges, storyDays, type Change, type Moment } from '#sample/index.ts';
import type { Record as OpenRecord } from '../app.ts';
import { exitCode, parseWords, wrongUse, type Command } from './command.ts';
import { withRecord } from './record.ts';
import {
  millisecondsOf,
  readSampleMark,
  sampleEdition,
  sampleSeed,
  writeSampleMark,
  type SampleMark,
} from './sample-mark.ts';
import { tellProtectedAddresses } from './sample.ts';

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export const sampleAdvance: Command = {
  name: 'sample advance',
  takes: '<6h|2d|30m|YYYY-MM-DDThh:mm>',
  summary: 'Moves the clock of the sample region on, and the region with it',
  help: `
What happens until then is written through the record, a transaction a patient: rounds, doses, answers of the laboratory, discharges, those who were
expected, those who fall ill, births and deaths. The same region and the same clock give the same records, in one step or in many.
What somebody else has changed meanwhile is left as it is. Stopped in the middle, it goes on where it was when it is run again.
\`fyr sample advance 0m\` only tells what the clock shows. Works beside a running node.

Exit codes: 0 done, 1 it could not be done, 2 wrong use or settings, 130 stopped.`,
  async run(words, context) {
    const { positionals } = parseWords(sampleAdvance, words, {});
    const [step] = positionals;
    if (step === undefined || positionals.length > 1) throw wrongUse(sampleAdvance, 'Say how far, or until when');
    return withRecord(context, 'sample advance', async (record) => {
      const mark = await markOf(record);
      const target = targetOf(step, mark);
      const told = await advance(record, mark, target, context);
      context.output.write(`${told}\nThe region's clocks show ${mark.now.replace('T', ' ')}.\n`);
      return context.signal.aborted ? exitCode.interrupted : exitCode.done;
    });
  },
};

async function markOf({ db }: OpenRecord): Promise<SampleMark> {
  const mark = await readSampleMark(db);
  if (!mark?.complete)
    throw new Fault('invalid', 'This node has no whole sample region: start it with FYR_SAMPLE set, and let it load.');
  if (mark.edition === sampleEdition) return mark;
  throw new Fault(
    'invalid',
    'The sample in this node was made by another edition of Fyr, and stands still. A new data folder gets one that lives.',
  );
}

/** A step from what the clocks show, or a moment; never back, and not beyond the end of the story. */
function targetOf(step: string, mark: SampleMark): Moment {
  const match = /^(\d{1,5})(m|h|d)$/.exec(step);
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(step) && !Number.isNaN(millisecondsOf(step));
  if (!match && !isMoment) throw wrongUse(sampleAdvance, `"${step}" is neither a step nor a moment`);
  const milliseconds = match ? millisecondsOf(mark.now) + Number(match[1]) * units[match[2]!]! : millisecondsOf(step);
  const target = new Date(milliseconds).toISOString().slice(0, 16);
  if (target < mark.now) throw new Fault('invalid', `The region's clocks show ${mark.now}, and can't be turned back.`);
  const end = new Date(millisecondsOf(`${mark.today}T00:00`) + storyDays * units['d']!).toISOString().slice(0, 16);
  if (target <= end) return target;
  throw new Fault('invalid', `The region's story ends at ${end}: ${storyDays} days after it opened.`);
}

type Context = Parameters<Command['run']>[1];

async function advance(
  record: OpenRecord,
  mark: SampleMark,
  target: Moment,
  { output, signal }: Context,
): Promise<string> {
  const { residents, today, now } = mark;
  const progress = createProgress({ label: 'Sample region', unit: 'resources', output, clock: systemClock });
  const told = { residents: 0, created: 0, updated: 0, left: 0 };
  for (const { changes } of regionChanges({ residents, seed: sampleSeed, today }, now, target)) {
    if (signal.aborted) return 'Stopped; run it again to go on.';
    const { created, updated, left } = await writeChanges(record, changes);
    told.residents++;
    told.created += created;
    told.updated += updated;
    told.left += left;
    progress.at(told.created + told.updated);
  }
  progress.end();
  await tellProtectedAddresses(record, mark);
  mark.now = target;
  await writeSampleMark(record.db, mark);
  const left = told.left > 0 ? ` ${told.left} were changed by others and left as they are.` : '';
  return `${told.residents} residents: ${told.created} resources new, ${told.updated} changed.${left}`;
}

type Written = { created: number; updated: number; left: number };
type Update = { interaction: 'update'; resource: Change['after']; id: string; ifMatch?: string };

/** One transaction. What is there as it is to become was written by a run that was stopped. */
async function writeChanges({ fhir }: OpenRecord, changes: Change[]): Promise<Written> {
  const updates: Update[] = [];
  const written: Written = { created: 0, updated: 0, left: 0 };
  for (const { before, after } of changes) {
    const id = after.id!;
    const current = await currentOf(fhir, after.resourceType, id);
    if (current && isSame(current.resource, after)) continue;
    if (current && (!before || !isSame(current.resource, before))) {
      written.left++;
      continue;
    }
    updates.push({ interaction: 'update', resource: after, id, ...(current ? { ifMatch: current.versionId } : {}) });
    written[current ? 'updated' : 'created']++;
  }
  if (updates.length > 0) await fhir.context.writer.apply(fhir.context.grants.background('sample'), updates);
  return written;
}

type Current = { resource: Change['after']; versionId: string };

async function currentOf(fhir: OpenRecord['fhir'], type: string, id: string): Promise<Current | undefined> {
  const headers = { accept: 'application/fhir+json' };
  try {
    const answer = await fhir.dispatch(
      { method: 'GET', segments: [type, id], parameters: [], headers },
      fhir.context.grants.background('sample'),
    );
    const text = answer.text ?? answer.bytes?.toString('utf8') ?? JSON.stringify(answer.resource);
    return { resource: JSON.parse(text) as Change['after'], versionId: answer.versionId ?? '' };
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'notFound' || error.kind === 'gone')) return undefined;
    throw error;
  }
}

/** Alike but for what the record itself writes into `meta`, and the order of elements. */
function isSame(stored: Change['after'], made: Change['after']): boolean {
  return canonical({ ...stored, meta: undefined }) === canonical({ ...made, meta: undefined });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
