/** The privacy officer's search and sampling. */
import type { z } from 'zod';
import type { Ids } from '#kernel/ids.ts';
import { Fault } from '#kernel/fault.ts';
import { actions } from './canonical.ts';
import type { OfficerEntry, SearchAnswer, sampleQuery, searchQuery } from './contract.ts';
import type { AccessAction, LoggedEntry } from './entry.ts';
import { officerEntryOf } from './lines.ts';
import { organisationsIn, type Names } from './names.ts';
import { periodOf } from './period.ts';
import { cursorOf, placeOf, type LogReader } from './read.ts';
import type { Language } from './words.ts';

type Deps = { reader: LogReader; names: Names };
type With<T> = Omit<T, 'language'> & { language: Language };

/** Entries that a search looks at for one page, at most: narrower questions get further. */
const lookedAtMax = 200_000;

/** Faults: invalid; tooCostly, when what is asked for is too rare to be found in what may be looked at. */
export async function searchLog(
  { reader, names }: Deps,
  asked: With<z.output<typeof searchQuery>>,
): Promise<SearchAnswer> {
  const { patient, who, organisation, ground, outcome, action, count, cursor } = asked;
  if (action !== undefined && !actions.includes(action as AccessAction))
    throw new Fault('invalid', `There is no action ${action}.`);
  const query = {
    isEverywhere: true,
    ...periodOf(asked),
    ...(patient === undefined ? {} : { patient }),
    ...(who === undefined ? {} : { who }),
    ...(organisation === undefined ? {} : { organisation }),
    ...(ground === undefined ? {} : { ground }),
    ...(outcome === undefined ? {} : { outcomes: [outcome] }),
    ...(action === undefined ? {} : { actions: [action as AccessAction] }),
    lookedAtMax,
  };
  const found: LoggedEntry[] = [];
  let next: string | undefined;
  for await (const entry of reader.entries(query, cursor === undefined ? undefined : placeOf(cursor))) {
    if (found.length === count) {
      next = cursorOf(found.at(-1) as LoggedEntry);
      break;
    }
    found.push(entry);
  }
  return { entries: await told(names, found, asked.language), ...(next === undefined ? {} : { next }) };
}

/** Entries of a period drawn at random, each as likely as any other, newest first. */
export async function sampleLog(
  { reader, names }: Deps,
  asked: With<z.output<typeof sampleQuery>>,
  ids: Pick<Ids, 'below'>,
): Promise<SearchAnswer> {
  const { from, until } = periodOf(asked);
  const range = await reader.numbers(from ?? -8e14, until ?? 8e14);
  if (range === undefined) return { entries: [] };
  const drawn = new Map<number, LoggedEntry>();
  // Numbers near the ends of the range may lie outside the period: drawn again, as often as it may take.
  for (let tries = 0; tries < asked.count * 20 && drawn.size < asked.count; tries++) {
    const number = range.first + ids.below(range.last - range.first + 1);
    if (drawn.has(number)) continue;
    const entry = await reader.entry(number);
    if (entry && entry.at >= (from ?? -8e14) && entry.at < (until ?? 8e14)) drawn.set(number, entry);
    if (drawn.size === range.last - range.first + 1) break;
  }
  const entries = [...drawn.values()].sort((a, b) => b.number - a.number);
  return { entries: await told(names, entries, asked.language) };
}

async function told(names: Names, entries: readonly LoggedEntry[], language: Language): Promise<OfficerEntry[]> {
  const known = await names.of(entries.flatMap(({ role }) => organisationsIn(role)));
  return entries.map((entry) => officerEntryOf(entry, { language, names: known }));
}
