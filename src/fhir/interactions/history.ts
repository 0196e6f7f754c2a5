/** history of a resource, a type or the whole record (R4 http.html#history), newest first, with `_since`, `_at`, `_count` and pages. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { parameter, type FhirAnswer, type FhirRequest } from '../http/request.ts';
import type { Reach } from '../grant.ts';
import { readCurrent, withinReach, type Arrival } from '../record/reading.ts';
import {
  countHistory,
  findHistory,
  type HistoryPosition,
  type HistoryScope,
  type HistoryWindow,
  type StoredVersion,
} from '../record/store.ts';
import { bundleText, pageLinks, type BundleEntry } from './bundle.ts';

type Context = Pick<RequestContext, 'db' | 'settings' | 'search' | 'grant' | 'findArrivals'>;

const known = new Set(['_since', '_at', '_count', '_page', '_format', '_pretty', '_summary', '_elements', '_sort']);

export async function history(context: Context, request: FhirRequest, scope: HistoryScope): Promise<FhirAnswer> {
  refuseUnknown(request);
  const limit = countOf(request, context.settings);
  const window = windowOf(context, request);
  const isUnbounded = await reachesAll(context, scope);
  const [total, found] = await Promise.all([
    isUnbounded ? countHistory(context.db, scope) : undefined,
    findHistory(context.db, scope, { ...window, limit: limit + 1 }),
  ]);
  const scanned = found.slice(0, limit);
  const page = isUnbounded ? scanned : await seenOf(context, scope, scanned);
  const arrivals = (await context.findArrivals?.(context.db, page)) ?? [];
  const last = scanned.at(-1);
  const next = found.length > limit && last ? positionText(last) : undefined;
  const { baseUrl } = context.settings;
  const isWhole = window.since === undefined && window.at === undefined;
  return {
    status: 200,
    text: bundleText({
      type: 'history',
      ...(isWhole && total !== undefined ? { total } : {}),
      links: pageLinks({ baseUrl, segments: request.segments, parameters: request.parameters }, '_page', next),
      entries: page.map((v, i) => entryOf(baseUrl, v, arrivals[i])),
    }),
  };
}

/** Whether the grant reaches whatever the scope holds. What it may not know of is refused as not here, when the scope is one resource. */
async function reachesAll(context: Context, { type, id }: HistoryScope): Promise<boolean> {
  const types = type === undefined ? undefined : [type];
  if (type !== undefined && id !== undefined) {
    const current = await readCurrent(context, type, id);
    if (current === undefined) throw new Fault('notFound', `${type}/${id} is not here.`);
    const patient = current.patient ?? undefined;
    return isEverything(await context.grant.reach({ by: 'read', patient, isNamed: false, types }));
  }
  return isEverything(await context.grant.reach({ by: 'search', patient: undefined, isNamed: false, types }));
}

const isEverything = (reach: Reach): boolean => reach.kind === 'everything';

/** Those of the versions that the grant reaches, and whose resource as it is now it reaches too. */
async function seenOf(
  context: Context,
  { id }: HistoryScope,
  versions: readonly StoredVersion[],
): Promise<StoredVersion[]> {
  const own = await withinReach(context, versions);
  if (id !== undefined) return own;
  const known = new Map<string, boolean>();
  for (const { type, id: one } of own) {
    const key = `${type}/${one}`;
    if (!known.has(key)) known.set(key, (await readCurrent(context, type, one)) !== undefined);
  }
  return own.filter(({ type, id: one }) => known.get(`${type}/${one}`) === true);
}

function refuseUnknown(request: FhirRequest): void {
  const unknown = request.parameters.find(([name]) => !known.has(name));
  if (unknown) throw new Fault('invalid', `history does not know the parameter "${unknown[0].slice(0, 80)}".`);
}

/** `_count` within the node's limits. */
export function countOf(
  request: Pick<FhirRequest, 'parameters'>,
  settings: { countDefault: number; countMax: number },
): number {
  const text = parameter(request, '_count');
  if (text === undefined) return settings.countDefault;
  if (!/^\d{1,9}$/.test(text)) throw new Fault('invalid', '_count must be a whole number, zero or more.');
  return Math.min(Number(text), settings.countMax);
}

function windowOf(context: Context, request: FhirRequest): Omit<HistoryWindow, 'limit'> {
  const since = momentOf(context, request, '_since')?.low;
  const at = momentOf(context, request, '_at');
  const page = parameter(request, '_page');
  return {
    ...(since === undefined ? {} : { since }),
    ...(at === undefined ? {} : { at }),
    ...(page === undefined ? {} : { before: positionOf(page) }),
  };
}

/** `_at` may be as coarse as a year; `_since` should be an instant, and means the beginning of anything coarser. */
function momentOf({ search }: Context, request: FhirRequest, name: string): { low: number; high: number } | undefined {
  const text = parameter(request, name);
  if (text === undefined) return undefined;
  // A plus sign that was not escaped in an address arrives as a blank.
  const moment = search.parts.calendar.parse(text.replace(' ', '+'));
  if (!moment) throw new Fault('invalid', `${name} must be a time such as 2026-11-23T10:00:00Z, or a date.`);
  return moment;
}

function positionText({ updated, bucket, n }: HistoryPosition): string {
  return `${updated}.${bucket}.${n}`;
}

function positionOf(text: string): HistoryPosition {
  const match = /^(\d{1,15})\.(\d{1,4})\.(\d{1,15})$/.exec(text);
  if (!match) throw new Fault('invalid', 'This page link is damaged. Start from the first page.');
  return { updated: Number(match[1]), bucket: Number(match[2]), n: Number(match[3]) };
}

const methods = { create: 'POST', update: 'PUT', delete: 'DELETE', move: 'PUT' } as const;

/** Told beside the resource: the version is what its writer sealed, at every node the same bytes. */
const arrivalUrl = 'https://fyr.no/fhir/CodeSystem/continuity/version';

/** At an entry of a Bundle: who wrote the version, when it came to this node, and from where (`here`, `above`, `below`). */
function arrivalExtension({ writer, arrivedAt, came }: Arrival): object {
  return {
    url: arrivalUrl,
    extension: [
      { url: 'writer', valueString: writer },
      { url: 'arrived', valueInstant: new Date(arrivedAt).toISOString() },
      { url: 'came', valueCode: came },
    ],
  };
}

function entryOf(baseUrl: string, stored: StoredVersion, arrival: Arrival | undefined): BundleEntry {
  const { type, id, interaction, version } = stored;
  const isFirst = interaction === 'create' && version === 1;
  return {
    ...(arrival === undefined ? {} : { extension: [arrivalExtension(arrival)] }),
    fullUrl: `${baseUrl}/${type}/${id}`,
    ...(stored.content === null ? {} : { text: stored.content }),
    request: {
      method: isFirst ? 'POST' : methods[interaction === 'create' ? 'update' : interaction],
      url: isFirst ? type : `${type}/${id}`,
    },
    response: {
      status: interaction === 'create' ? '201' : interaction === 'delete' ? '204' : '200',
      etag: `W/"${stored.versionId}"`,
      lastModified: new Date(stored.updated).toISOString(),
    },
  };
}
