/** What a node remembers of the sample that is in it: size, opening day, and what the region's clocks show. */
import type { Db } from '#kernel/db.ts';
import { readMark, writeMark } from '#kernel/mark-store.ts';
import type { Moment } from '#sample/index.ts';

/** `now` is what the region's clocks show; `items` how many are loaded. */
export type SampleMark = {
  residents: number;
  today: string;
  now: Moment;
  items: number;
  complete: boolean;
  edition: number;
};

export const sampleSeed = 'fyr';

/** Another number when the generator makes other bytes of the same settings: what an earlier edition wrote can't be gone on with. */
export const sampleEdition = 4;

const markName = 'sample';

/** Undefined when the node never had the sample. */
export async function readSampleMark(db: Db): Promise<SampleMark | undefined> {
  return (await readMark(db, markName)) as SampleMark | undefined;
}

export async function writeSampleMark(db: Db, mark: SampleMark): Promise<void> {
  await writeMark(db, markName, mark);
}

const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short', timeStyle: 'short' });

/** What a Norwegian clock shows at an instant (milliseconds since 1970), `YYYY-MM-DDThh:mm`. */
export function momentOf(milliseconds: number): Moment {
  return parts.format(milliseconds).replace(' ', 'T');
}

/** Milliseconds since 1970 as if the clock that shows it were UTC's: good for sums, not for comparing with instants. */
export function millisecondsOf(moment: Moment): number {
  return Date.parse(`${moment}:00Z`);
}
