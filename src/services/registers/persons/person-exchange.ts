/** Persons in and out of files: what a row comes to against what is in the register. */
import type { Change } from '#fhir/record/writer.ts';
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import {
  sourceOf,
  updateOf,
  type ExchangeDeps,
  type Plan,
  type RegisterExchange,
} from '../exchange/register-exchange.ts';
import { everyResource, holdersOf, readMany } from '../records.ts';
import { ownExtensions, type Reference } from '../register-codes.ts';
import {
  addressOfRow,
  isProtectedGrade,
  patientOfRow,
  personColumns,
  personSchema,
  rowOfPatient,
  type PersonRow,
} from './person-row.ts';
import { numberKey } from './person-number.ts';
import { relationKey, relationResource, relationRowOf } from './relation-row.ts';
import { noteProtection, readProtections, settlePerson, type Protection } from './protect-address.ts';

export const personExchange: RegisterExchange<PersonRow> = {
  name: 'persons',
  columns: personColumns,
  schema: personSchema,
  keyOf: ({ number }) => number,
  afterKeys: ({ mergedInto }) => (mergedInto === undefined ? [] : [mergedInto]),
  sketch: (row) => [
    patientOfRow(row, { id: 'new', today: '2000-01-01', hidesAddress: isProtectedGrade(row.addressGrade) }),
    ...(row.relations ?? []).map((each) => relationResource(each, 'new', undefined)),
  ],
  plan: planPersons,
  rows: personRows,
};

type Known = {
  deps: ExchangeDeps;
  today: string;
  /** Patient ids by number. */
  ids: Map<string, string>;
  patients: Map<string, Resource>;
  relations: Map<string, Resource[]>;
  protections: Map<string, Protection>;
  practitioners: Map<string, string>;
};

async function planPersons(deps: ExchangeDeps, rows: readonly PersonRow[]): Promise<Plan[]> {
  const known = await readKnown(deps, rows);
  return rows.map((row) => {
    if (row.mergedInto !== undefined) return planMerger(known, row, row.mergedInto);
    return planPerson(known, row);
  });
}

async function readKnown(deps: ExchangeDeps, rows: readonly PersonRow[]): Promise<Known> {
  const numbers = rows.flatMap((row) => [row.number, ...(row.earlierNumbers ?? []).map((each) => each.number)]);
  const merged = rows.flatMap(({ mergedInto }) => mergedInto ?? []);
  const held = await holdersOf(deps, [...numbers, ...merged].map(numberKey), ['Patient']);
  const ids = new Map([...held.values()].map(({ value, id }) => [value, id]));
  const patientIds = [...new Set(ids.values())];
  const practitionerNumbers = rows.flatMap(({ generalPractitioner }) => generalPractitioner ?? []);
  const practitioners = await holdersOf(
    deps,
    [...new Set(practitionerNumbers)].map((value) => ({ system: identifierSystems.personnelNumber, value })),
    ['Practitioner'],
  );
  return {
    deps,
    today: new Date(deps.clock.now()).toISOString().slice(0, 10),
    ids,
    patients: await readPatients(deps, patientIds),
    relations: await readRelations(deps, patientIds),
    protections: await readProtections(deps, patientIds),
    practitioners: new Map([...practitioners.values()].map(({ value, id }) => [value, id])),
  };
}

/** Patients by `Patient/id`, and those in whom they go on. */
async function readPatients(deps: ExchangeDeps, ids: readonly string[]): Promise<Map<string, Resource>> {
  const found = await readMany(
    deps,
    ids.map((id) => ({ type: 'Patient', id })),
  );
  const into = [...found.values()].flatMap((patient) => mergedIntoOf(patient) ?? []);
  const others = await readMany(
    deps,
    into.map((id) => ({ type: 'Patient', id })),
  );
  return new Map([...found, ...others]);
}

/** The relations that the register itself wrote, by the patient whose they are. */
async function readRelations(deps: ExchangeDeps, patientIds: readonly string[]): Promise<Map<string, Resource[]>> {
  const found = new Map<string, Resource[]>();
  for (let at = 0; at < patientIds.length; at += 100) {
    const some = patientIds.slice(at, at + 100).join(',');
    for await (const relation of everyResource(deps, 'RelatedPerson', [['patient', some]])) {
      if (relation.meta?.source !== sourceOf('persons')) continue;
      const patient = (relation['patient'] as Reference).reference?.slice('Patient/'.length) ?? '';
      found.set(patient, [...(found.get(patient) ?? []), relation]);
    }
  }
  return found;
}

function planPerson(known: Known, row: PersonRow): Plan {
  const { deps, today } = known;
  const own = known.ids.get(row.number);
  const earlier = (row.earlierNumbers ?? []).flatMap(({ number }) => known.ids.get(number) ?? []);
  const others = [...new Set(earlier)].filter(
    (id) => own !== undefined && id !== own && !isReplaced(known.patients.get(`Patient/${id}`)),
  );
  if (others.length > 0) {
    return { problem: 'an earlier number belongs to another person here: merge that one first (mergedInto)' };
  }
  const id = own ?? earlier[0] ?? deps.writer.newId('Patient');
  const before = known.patients.get(`Patient/${id}`);
  const protection = known.protections.get(id);
  const grade = row.addressGrade ?? protection?.grade ?? 'unclassified';
  const hidesAddress = isProtectedGrade(grade);
  const after = restored(
    patientOfRow(row, {
      id,
      before,
      today,
      hidesAddress,
      practitioner: practitionerOf(known, row),
    }),
    row,
  );
  const changes = [
    ...updateOf(before, after),
    ...splitChanges(known, before, after),
    ...relationChanges(known, row, id),
  ];
  if (!hidesAddress && !isProtectedGrade(protection?.grade)) return { changes };
  return planProtected(
    known,
    { id, changes, isNew: before === undefined },
    { grade, address: addressOfRow(row) ?? protection?.address },
  );
}

/** Protection first, then the Patient without its address, then its history: killed in between, nothing is told that was not told before. */
function planProtected(
  { deps, protections }: Known,
  { id, changes, isNew }: { id: string; changes: Change[]; isNew: boolean },
  wanted: Protection,
): Plan {
  const had = protections.get(id);
  const address = isProtectedGrade(wanted.grade) ? wanted.address : undefined;
  const isSame = had?.grade === wanted.grade && JSON.stringify(had.address) === JSON.stringify(address);
  if (isSame) return { changes };
  const note = async (): Promise<void> => {
    await noteProtection(deps, id, { grade: wanted.grade, address });
  };
  if (!isProtectedGrade(wanted.grade)) return { changes, before: note };
  if (isNew) return { changes, after: note };
  return { changes, before: note, after: () => settlePerson(deps, id) };
}

function practitionerOf(
  known: Known,
  { generalPractitioner: number, generalPractitionerFrom: from }: PersonRow,
): Reference | undefined {
  if (number === undefined) return undefined;
  const id = known.practitioners.get(number);
  const identifier = { system: identifierSystems.personnelNumber, value: number };
  const since =
    from === undefined ? {} : { extension: [{ url: ownExtensions.practitionerPeriod, valuePeriod: { start: from } }] };
  return {
    ...since,
    ...(id === undefined ? { type: 'Practitioner' } : { reference: `Practitioner/${id}` }),
    identifier,
  };
}

function relationChanges(known: Known, row: PersonRow, patientId: string): Change[] {
  if (row.relations === undefined) return [];
  const had = new Map((known.relations.get(patientId) ?? []).map((each) => [relationKey(relationRowOf(each)), each]));
  const changes = row.relations.flatMap((relation) => {
    const before = had.get(relationKey(relation));
    had.delete(relationKey(relation));
    const id = before?.id ?? known.deps.writer.newId('RelatedPerson', patientId);
    return updateOf(before, relationResource(relation, patientId, id, before));
  });
  // A relation that the file no longer has is ended, not deleted: it was so until now.
  for (const ended of had.values()) {
    if (ended['active'] === false) continue;
    const period = { ...(ended['period'] as object | undefined), end: known.today };
    changes.push(...updateOf(ended, { ...ended, active: false, period }));
  }
  return changes;
}

function isReplaced(patient: Resource | undefined): boolean {
  return ((patient?.['link'] as { type?: string }[] | undefined) ?? []).some(({ type }) => type === 'replaced-by');
}

/** A row of its own again for one who had gone on in another: they are split, and both say so. */
function restored(patient: Resource, row: PersonRow): Resource {
  if (!isReplaced(patient) || row.status === 'inactive') return patient;
  const links = (patient['link'] as { type?: string }[]).filter(({ type }) => type !== 'replaced-by');
  const { link: _gone, ...rest } = patient;
  return { ...rest, active: true, ...(links.length > 0 ? { link: links } : {}) } as Resource;
}

/** Whoever he had gone on in no longer replaces him. */
function splitChanges(known: Known, before: Resource | undefined, after: Resource): Change[] {
  const into = before !== undefined && !isReplaced(after) ? mergedIntoOf(before) : undefined;
  const other = into === undefined ? undefined : known.patients.get(`Patient/${into}`);
  if (other === undefined) return [];
  const { link, ...rest } = other;
  const links = ((link as Link[] | undefined) ?? []).filter((each) => each.other?.reference !== `Patient/${after.id}`);
  return updateOf(other, { ...rest, ...(links.length > 0 ? { link: links } : {}) } as Resource);
}

/** The person goes on in another: he is no longer active and says in whom; the other says whom he replaces, and has his number as an old one. */
function planMerger(known: Known, row: PersonRow, mergedInto: string): Plan {
  const [fromId, toId] = [known.ids.get(row.number), known.ids.get(mergedInto)];
  const to = toId === undefined ? undefined : known.patients.get(`Patient/${toId}`);
  if (toId === undefined || to === undefined)
    return { problem: `${mergedInto} is not here, so nobody can go on in it` };
  if (fromId === toId) return { changes: [] };
  const before = fromId === undefined ? undefined : known.patients.get(`Patient/${fromId}`);
  const id = fromId ?? known.deps.writer.newId('Patient');
  // Who was never here under this number comes as one who has gone on: the number is found, and leads on.
  const from = before ?? patientOfRow(row, { id, today: known.today, hidesAddress: true });
  const replaced = { other: { reference: `Patient/${toId}` }, type: 'replaced-by' };
  const replaces = { other: { reference: `Patient/${id}` }, type: 'replaces' };
  return {
    changes: [
      ...updateOf(before, { ...from, active: false, link: withLink(from, replaced) }),
      ...updateOf(to, { ...to, link: withLink(to, replaces) }),
    ],
  };
}

type Link = { other?: Reference; type?: string };

function withLink(patient: Resource, link: Link): Link[] {
  const links = (patient['link'] as Link[] | undefined) ?? [];
  const isThere = links.some(({ other, type }) => other?.reference === link.other?.reference && type === link.type);
  return isThere ? links : [...links, link];
}

async function* personRows(
  deps: ExchangeDeps,
  options: { mayKnowProtectedAddress: boolean },
): AsyncGenerator<PersonRow> {
  let page: Resource[] = [];
  for await (const patient of everyResource(deps, 'Patient')) {
    page.push(patient);
    if (page.length < 200) continue;
    yield* rowsOf(deps, page, options);
    page = [];
  }
  yield* rowsOf(deps, page, options);
}

async function* rowsOf(
  deps: ExchangeDeps,
  patients: readonly Resource[],
  { mayKnowProtectedAddress }: { mayKnowProtectedAddress: boolean },
): AsyncGenerator<PersonRow> {
  const ids = patients.map(({ id = '' }) => id);
  const relations = await readRelations(deps, ids);
  const protections = mayKnowProtectedAddress ? await readProtections(deps, ids) : new Map<string, Protection>();
  for (const patient of patients) {
    const row = rowOfPatient(patient, relations.get(patient.id ?? '') ?? [], protections.get(patient.id ?? ''));
    const into = mergedIntoOf(patient);
    const survivor =
      into === undefined ? undefined : (await readMany(deps, [{ type: 'Patient', id: into }])).get(`Patient/${into}`);
    const mergedInto = survivor === undefined ? undefined : rowOfPatient(survivor, [])?.number;
    if (row) yield mergedInto === undefined ? row : { ...row, mergedInto };
  }
}

function mergedIntoOf(patient: Resource): string | undefined {
  const links = (patient['link'] as Link[] | undefined) ?? [];
  return links.find(({ type }) => type === 'replaced-by')?.other?.reference?.slice('Patient/'.length);
}
