/** Patient/[id]/$everything (R4 patient-operation-everything.html): the patient's whole record and what it refers to. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { bundleBytes, pageLinks, type BytesEntry, type BundleLink } from '../interactions/bundle.ts';
import { parseJson } from '../json/index.ts';
import { patientBucket } from '../record/bucket.ts';
import { keyOfReference } from '../record/reference.ts';
import { readCurrent, readMany } from '../record/reading.ts';
import type { ResourceKey } from '../record/store.ts';
import type { Resource } from '../types.ts';
import { findCompartment, type CompartmentRow } from './compartment-store.ts';
import { textInput, type Operation, type OperationCall } from './operation.ts';

/** Without `_count` the whole record comes at once, up to this many resources; beyond it in pages. */
const wholeMax = 10_000;

export const everything: Operation = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  levels: ['instance'],
  types: ['Patient'],
  affectsState: false,
  async handle(context, call) {
    const id = call.id as string;
    const limit = limitOf(context, call);
    const types = textInput(call, '_type')?.split(',');
    const since = sinceOf(call);
    const after = positionOf(textInput(call, '_cursor'));
    const reach = await context.grant.reach({ by: 'search', patient: id, isNamed: true, types });
    const found = await findCompartment(context.db, {
      bucket: patientBucket(id),
      token: context.search.compartmentToken(id),
      limit: limit + 1,
      ...(types ? { types } : {}),
      ...(since === undefined ? {} : { since }),
      ...(after ? { after } : {}),
    });
    const within = found.slice(0, limit).filter((row) => context.search.reaches(reach, row, row.content));
    const isShown = within.length > 0 && found.some((row) => row.type === 'Patient' && row.id === id);
    if (!isShown) await requirePatient(context, id);
    const page = within.filter(careDates(context, call));
    context.grant.saw(page);
    const around = await referredTo(context, id, page, types);
    const entries = [
      ...page.map((row) => entryOf(context, row, 'match')),
      ...around.map((row) => entryOf(context, row, 'include')),
    ];
    const isWhole = found.length <= limit;
    return {
      status: 200,
      bytes: bundleBytes({
        type: 'searchset',
        ...(isWhole && !after ? { total: page.length } : {}),
        links: linksOf(context, call, isWhole ? undefined : found[limit - 1]),
        entries,
      }),
    };
  },
};

/** The page mostly shows that the patient is here; where it doesn't (or may not), it is asked. */
async function requirePatient(context: Pick<RequestContext, 'db' | 'search' | 'grant'>, id: string): Promise<void> {
  const patient = await readCurrent(context, 'Patient', id);
  if (patient === undefined) throw new Fault('notFound', `Patient/${id} is not here.`);
  if (patient.content === null) throw new Fault('gone', `Patient/${id} was deleted.`);
}

function entryOf(context: RequestContext, row: CompartmentRow, mode: 'match' | 'include'): BytesEntry {
  return { fullUrl: `${context.settings.baseUrl}/${row.type}/${row.id}`, bytes: row.content, search: { mode } };
}

function limitOf(context: RequestContext, call: OperationCall): number {
  const text = textInput(call, '_count');
  if (text === undefined) return wholeMax;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Fault('invalid', '_count must be a whole number from 1.');
  return Math.min(Number(text), context.settings.countMax);
}

function sinceOf(call: OperationCall): number | undefined {
  const text = textInput(call, '_since');
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Fault('invalid', '_since must be an instant.');
  return ms;
}

function positionOf(cursor: string | undefined): ResourceKey | undefined {
  if (cursor === undefined) return undefined;
  const key = keyOfReference(cursor);
  if (!key) throw new Fault('invalid', 'This page link is damaged. Start from the first page.');
  return key;
}

function linksOf(context: RequestContext, { request }: OperationCall, last: CompartmentRow | undefined): BundleLink[] {
  const { segments, parameters } = request;
  const next = last && `${last.type}/${last.id}`;
  return pageLinks({ baseUrl: context.settings.baseUrl, segments, parameters }, '_cursor', next);
}

/** `start` and `end`: keeps what has no care date, and what has one within them. */
function careDates(context: RequestContext, call: OperationCall): (row: CompartmentRow) => boolean {
  const bounds = [...boundOf(call, 'start', 'ge'), ...boundOf(call, 'end', 'le')];
  if (bounds.length === 0) return () => true;
  const queries = new Map<string, ReturnType<typeof queriesOf>>();
  const queriesOf = (type: string) => ({
    dated: context.search.parse(type, [['date:missing', 'true']], { lenient: false }),
    within: context.search.parse(type, bounds, { lenient: false }),
  });
  const hasDate = new Set(context.definitions.searchParameters.filter((p) => p.code === 'date').flatMap((p) => p.base));
  return (row) => {
    if (!hasDate.has(row.type)) return true;
    const query = queries.get(row.type) ?? queriesOf(row.type);
    queries.set(row.type, query);
    const resource = parseJson(row.content.toString()) as Resource;
    return context.search.matches(resource, query.dated) || context.search.matches(resource, query.within);
  };
}

function boundOf(call: OperationCall, name: 'start' | 'end', prefix: 'ge' | 'le'): [string, string][] {
  const date = textInput(call, name);
  if (date === undefined) return [];
  if (!/^\d{4}(-\d{2}(-\d{2})?)?$/.test(date)) throw new Fault('invalid', `${name} must be a date.`);
  return [['date', `${prefix}${date}`]];
}

/** What the page's resources refer to outside the patient's record: practitioners, organisations, medications, places. */
async function referredTo(
  context: RequestContext,
  patient: string,
  page: readonly CompartmentRow[],
  types: readonly string[] | undefined,
): Promise<CompartmentRow[]> {
  const inside = new Set(page.map((row) => `${row.type}/${row.id}`));
  const wanted = new Map<string, ResourceKey>();
  for (const { content } of page) {
    for (const reference of referencesIn(content)) {
      if (wanted.has(reference) || inside.has(reference)) continue;
      const key = keyOfReference(reference);
      if (key && isAround(context, key.type, types)) wanted.set(reference, key);
    }
  }
  const found = await readMany(context, [...wanted.values()], patient);
  return found.flatMap(({ type, id, content }) =>
    content === null ? [] : [{ type, id, patient: undefined, content: Buffer.from(content) }],
  );
}

const mark = Buffer.from('"reference":"');
const quote = '"'.charCodeAt(0);

/** The literal references in a stored text, found without parsing it. The record writes no space between name and value. */
function* referencesIn(content: Buffer): Generator<string> {
  for (let at = content.indexOf(mark); at >= 0; at = content.indexOf(mark, at)) {
    at += mark.length;
    yield content.toString('latin1', at, content.indexOf(quote, at));
  }
}

function isAround(context: RequestContext, type: string, types: readonly string[] | undefined): boolean {
  const compartment = context.definitions.compartments.find((c) => c.code === 'Patient');
  const isPatients = type === 'Patient' || (compartment?.params[type]?.length ?? 0) > 0;
  return !isPatients && (types?.includes(type) ?? true);
}
