/**
 * The sample region: invented organisations, personnel and residents with records that hold together. Deterministic: the same seed,
 * day and size give the same bytes, whole or in parts.
 */
import type { Resource } from '#fhir/types.ts';
import { parseDay } from '#shared/days.ts';
import { Population } from './population.ts';
import { buildRegion } from './build-region.ts';
import { writeRecord } from './resident.ts';

export type RegionSettings = {
  /** How many residents, those who died in the last five years included. It also decides how many GPs the region has. */
  residents: number;
  seed: string | number;
  /** The day on which the record ends, `YYYY-MM-DD`. */
  today: string;
  /** How many years the detailed record goes back; 6 if not given. */
  historyYears?: number;
  /** The first item to give, counted from 0: to go on after a broken import. */
  from?: number;
};

/**
 * What is written as one: `resources` refer only to each other and to earlier shared items. Parts of resources are shared
 * between resources, so don't change them.
 */
export type RegionItem = { index: number; label: string; resources: Resource[] };

const defaultHistoryYears = 6;

/**
 * Gives the shared items (organisations, places, personnel), then one item a resident, in a fixed order; memory does not grow with
 * the number of residents. Throws RangeError for a date that is none.
 */
export async function* generateRegion(settings: RegionSettings): AsyncGenerator<RegionItem> {
  for (const item of regionItems(settings)) yield item;
}

/** The same, without promises. */
export function* regionItems(settings: RegionSettings): Generator<RegionItem> {
  const { residents, seed, from = 0, historyYears = defaultHistoryYears } = settings;
  const today = parseDay(settings.today);
  const region = buildRegion(seed, today, residents);
  let index = 0;
  for (const { label, resources } of region.groups) {
    if (index >= from) yield { index, label, resources };
    index++;
  }
  const end = index + residents;
  for (const household of new Population(seed, today).households()) {
    for (const person of household) {
      if (index >= end) return;
      if (index >= from)
        yield {
          index,
          label: `resident ${person.index + 1}`,
          resources: writeRecord(person, region, seed, today, historyYears),
        };
      index++;
    }
  }
}
