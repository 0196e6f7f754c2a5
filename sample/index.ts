/**
 * The sample region: invented organisations, personnel and residents with records that hold together. Deterministic: the same seed,
 * day, moment and size give the same bytes, whole or in parts.
 */
import type { Resource } from '#fhir/types.ts';
import { parseDay } from '#shared/days.ts';
import type { Entry, Moment } from './alive/as-of.ts';
import { changesBetween, recordAt, type Change } from './alive/changes.ts';
import { buildRegion } from './build-region.ts';
import type { Span } from './chart.ts';
import { Population } from './population.ts';
import type { Region } from './region.ts';
import { writeRecord } from './resident.ts';

export type { Moment } from './alive/as-of.ts';
export type { Change } from './alive/changes.ts';
export { personaEntries, type PersonaEntry } from './persona-entries.ts';
export { protectedAddresses, type ProtectedAddress } from './protected-addresses.ts';

export type RegionSettings = {
  /** How many residents, those who died in the last five years included. It also decides how many GPs the region has. */
  residents: number;
  seed: string | number;
  /** The day on which the region opens, `YYYY-MM-DD`: a setting like the seed, which does not move with the clock. */
  today: string;
  /** What the region's clocks show, `YYYY-MM-DDThh:mm`, on that day or in the `storyDays` after it; ten o'clock on it if not given. */
  now?: Moment;
  /** How many years the detailed record goes back; 6 if not given. */
  historyYears?: number;
  /** The first item to give, counted from 0: to go on after a broken import. */
  from?: number;
};

/**
 * What is written as one: `resources` refer only to each other and to earlier shared items. Parts of resources are shared
 * between resources, so don't change them. A resident who is not born yet has none.
 */
export type RegionItem = { index: number; label: string; resources: Resource[] };

/** What happens to one resident; each change is to a resource of the resident's bucket. */
export type RegionChanges = { index: number; label: string; changes: Change[] };

/** How many days the region's clocks can be moved on. */
export const storyDays = 180;

const defaultHistoryYears = 6;
const openingTime = 'T10:00';

/**
 * Gives the shared items (organisations, places, personnel), then one item a resident, in a fixed order; memory does not grow with
 * the number of residents. Throws RangeError for a date that is none.
 */
export async function* generateRegion(settings: RegionSettings): AsyncGenerator<RegionItem> {
  for (const item of regionItems(settings)) yield item;
}

/** The same, without promises. */
export function* regionItems(settings: RegionSettings): Generator<RegionItem> {
  const { from = 0, now = settings.today + openingTime } = settings;
  const region = regionOf(settings);
  for (const [index, { label, resources }] of region.groups.entries())
    if (index >= from) yield { index, label, resources };
  for (const { index, label, entries } of residentsOf(settings, region, from))
    yield { index, label, resources: recordAt(entries, now) };
}

/** What happens from `earlier` to `later`, resident by resident; those to whom nothing happens are left out. */
export function* regionChanges(settings: RegionSettings, earlier: Moment, later: Moment): Generator<RegionChanges> {
  const region = regionOf(settings);
  for (const { index, label, entries } of residentsOf(settings, region, 0)) {
    const changes = changesBetween(entries, earlier, later);
    if (changes.length > 0) yield { index, label, changes };
  }
}

function regionOf({ seed, today: opening, residents, historyYears = defaultHistoryYears }: RegionSettings): Region {
  const today = parseDay(opening);
  return buildRegion(seed, today, residents, { first: today - historyYears * 365, last: today + storyDays });
}

/** All lives are written, also those before `from`, since who lies in which bed follows from who came before. */
function* residentsOf(
  { residents, seed, today: opening, historyYears = defaultHistoryYears }: RegionSettings,
  region: Region,
  from: number,
): Generator<{ index: number; label: string; entries: Entry[] }> {
  const today = parseDay(opening);
  const span: Span = { today, end: today + storyDays, historyYears };
  let index = region.groups.length;
  const end = index + residents;
  for (const household of new Population(seed, span).households()) {
    for (const person of household) {
      if (index >= end) return;
      const entries = writeRecord(person, region, seed, span);
      if (index >= from) yield { index, label: `resident ${person.index + 1}`, entries };
      index++;
    }
  }
}
