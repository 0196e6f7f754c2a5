/**
 * Somebody else's summary (EHDS): kept as a document, its parts proposed for take-over one by one. Nothing enters the record without a person's click;
 * each decision is a Task beside the document, so that it travels with the record.
 */
import { hash } from 'node:crypto';
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '#fhir/index.ts';
import { parseJson, writeJson } from '#fhir/json/index.ts';
import { readCurrent } from '#fhir/record/reading.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { Entered } from '#trust/index.ts';
import type { ImportAnswer, Proposal } from './contract.ts';
import { loinc, summaryKinds } from './codes.ts';
import { personName } from './document.ts';
import { elementOf, elementsOf, hasCode, nameOf, referenceOf, textOf } from './elements.ts';
import type { Language } from './languages.ts';
import { isSamePerson, partsOf, proposable, proposalOf, takenOver, type Part } from './proposals.ts';
import { readPatient, readResources } from './read-summary.ts';

const importedSummary = { system: summaryKinds, code: 'imported-summary' };
const takeOver = { system: summaryKinds, code: 'take-over' };

/** Keeps the document; the same document twice is one import. Faults: invalid, unprocessable for another person's. */
export async function keepImport(
  context: RequestContext,
  { patient, document }: { patient: string; document: { [element: string]: unknown } },
  language: Language,
): Promise<ImportAnswer> {
  const bundle = document as Resource;
  const parts = partsOf(bundle);
  const own = await readPatient(context, patient);
  if (isSamePerson(own, parts) === false)
    throw new Fault('unprocessable', 'The document is about another person: its national number is another.');
  const bytes = Buffer.from(writeJson(bundle));
  const digest = hash('sha1', bytes, 'base64');
  const identifier = identifierOf(bundle, digest);
  const id = await context.writer.inTurn([`summary import ${patient} ${identifier.value}`], async () => {
    const known = await findImport(context, patient, identifier);
    return known ?? (await writeImport(context, { patient, parts, bytes, digest, identifier }));
  });
  return readProposals(context, id, language);
}

type Identifier = { system: string; value: string };

/** Its own where it has one, else its hash. */
function identifierOf(bundle: Resource, digest: string): Identifier {
  const { system, value } = elementOf(bundle['identifier']);
  const own = { system: textOf(system), value: textOf(value) };
  return own.system !== undefined && own.value !== undefined
    ? { system: own.system, value: own.value }
    : { system: 'urn:fyr:sha1', value: digest };
}

async function findImport(
  context: RequestContext,
  patient: string,
  { system, value }: Identifier,
): Promise<string | undefined> {
  const escape = (text: string): string => text.replace(/[\\$,|]/g, '\\$&');
  const query = context.search.parse('DocumentReference', [
    ['patient', `Patient/${patient}`],
    ['identifier', `${escape(system)}|${escape(value)}`],
    ['_tag', `${importedSummary.system}|${importedSummary.code}`],
    ['_count', '1'],
  ]);
  const { rows } = await runSearch(context, query);
  return rows[0]?.id;
}

type Kept = { patient: string; parts: readonly Part[]; bytes: Buffer; digest: string; identifier: Identifier };

async function writeImport(
  context: RequestContext,
  { patient, parts, bytes, digest, identifier }: Kept,
): Promise<string> {
  const { writer, clock, grant } = context;
  const subject = { reference: `Patient/${patient}` };
  const [binaryId, id] = [writer.newId('Binary', patient), writer.newId('DocumentReference', patient)];
  const composition = parts[0]?.resource;
  const date = new Date(clock.now()).toISOString();
  const contentType = 'application/fhir+json';
  const binary = { resourceType: 'Binary', contentType, securityContext: subject, data: bytes.toString('base64') };
  const title = textOf(composition?.['title']);
  const document = {
    resourceType: 'DocumentReference',
    meta: { tag: [importedSummary] },
    masterIdentifier: identifier,
    identifier: [identifier],
    status: 'current',
    type: { coding: [{ system: loinc, code: '60591-5', display: 'Patient summary Document' }] },
    subject,
    date,
    author: authorsOf(composition, parts),
    content: [
      {
        attachment: {
          contentType,
          url: `Binary/${binaryId}`,
          size: bytes.length,
          hash: digest,
          ...(title === undefined ? {} : { title }),
          creation: textOf(composition?.['date']) ?? date,
        },
      },
    ],
  };
  await writer.apply(grant, [
    { interaction: 'create', resource: { ...binary, id: binaryId }, id: binaryId, fresh: true },
    { interaction: 'create', resource: { ...document, id }, id, fresh: true },
  ]);
  return id;
}

/** By name: they are nobody here. */
function authorsOf(composition: Resource | undefined, parts: readonly Part[]): object[] {
  return elementsOf(composition?.['author']).map((author) => {
    const name = referenceOf(author);
    const found = parts.find(({ fullUrl, resource }) => fullUrl === name || nameOf(resource) === name)?.resource;
    return { display: textOf(author['display']) ?? nameOfParty(found) ?? '–' };
  });
}

function nameOfParty(party: Resource | undefined): string | undefined {
  if (party === undefined) return undefined;
  if (party.resourceType === 'Device') return textOf(elementsOf(party['deviceName'])[0]?.['name']);
  return textOf(party['name']) ?? personName(party);
}

/** The parts of a kept document with what became of each. Faults: notFound. */
export async function readProposals(context: RequestContext, id: string, language: Language): Promise<ImportAnswer> {
  const { patient, parts } = await readImport(context, id);
  const [own, record, decisions] = await Promise.all([
    readPatient(context, patient),
    readResources(context, patient),
    readDecisions(context, patient, id),
  ]);
  const proposals = proposable(parts).map((part): Proposal => {
    const decision = decisions.get(part.id);
    const became = referenceOf(elementOf(elementsOf(decision?.['output'])[0])['valueReference']);
    const state = decision === undefined ? 'open' : decision['status'] === 'completed' ? 'accepted' : 'rejected';
    const others = record.filter((one) => nameOf(one) !== became);
    return {
      ...proposalOf(part, { parts, record: others, language }),
      state,
      ...(became === undefined ? {} : { became }),
    };
  });
  return { import: id, patient, isSamePerson: isSamePerson(own, parts) === true, proposals };
}

async function readImport(context: RequestContext, id: string): Promise<{ patient: string; parts: Part[] }> {
  const kept = await readOne(context, 'DocumentReference', id);
  const isImport = kept?.meta?.tag?.some(
    ({ system, code }) => system === importedSummary.system && code === importedSummary.code,
  );
  const subject = referenceOf(kept?.['subject']);
  const url = textOf(elementOf(elementsOf(kept?.['content'])[0]?.['attachment'])['url']);
  const binary = url?.startsWith('Binary/') ? await readOne(context, 'Binary', url.slice('Binary/'.length)) : undefined;
  if (!isImport || !subject?.startsWith('Patient/') || binary === undefined)
    throw new Fault('notFound', 'This import is not here.');
  const document = parseJson(Buffer.from(String(binary['data']), 'base64').toString()) as Resource;
  return { patient: subject.slice('Patient/'.length), parts: partsOf(document) };
}

async function readOne(context: RequestContext, type: string, id: string): Promise<Resource | undefined> {
  const found = await readCurrent(context, type, id);
  return found?.content == null ? undefined : (parseJson(found.content) as Resource);
}

/** The Tasks of what was decided already, by the parts' ids. */
async function readDecisions(context: RequestContext, patient: string, id: string): Promise<Map<string, Resource>> {
  const query = context.search.parse('Task', [
    ['patient', `Patient/${patient}`],
    ['focus', `DocumentReference/${id}`],
    ['_count', '1000'],
    ['_total', 'none'],
  ]);
  const { rows } = await runSearch(context, query);
  const tasks = rows.map(({ content }) => parseJson(content.toString()) as Resource);
  return new Map(
    tasks
      .filter((task) => hasCode(task['code'], takeOver.system, [takeOver.code]))
      .map((task) => [String(elementsOf(task['input'])[0]?.['valueString']), task]),
  );
}

export type Decided = { import: string; id: string; decision: 'accept' | 'reject'; by: Entered['caller'] };

/** A person takes one part over, or leaves it. Faults: forbidden for programs, notFound, conflict for what was decided before. */
export async function decideProposal(
  context: RequestContext,
  { import: importId, id, decision, by }: Decided,
  language: Language,
): Promise<ImportAnswer> {
  const { subject } = by;
  if (subject.kind !== 'personnel')
    throw new Fault(
      'forbidden',
      'What is taken over into the record is decided by the personnel who treat the patient.',
    );
  const { patient, parts } = await readImport(context, importId);
  const part = proposable(parts).find((one) => one.id === id);
  if (part === undefined) throw new Fault('notFound', 'This part is not in the document.');
  await context.writer.inTurn([`summary import ${importId} ${id}`], async () => {
    if ((await readDecisions(context, patient, importId)).has(id))
      throw new Fault('conflict', 'This part was decided before.');
    const practitioner = { reference: `Practitioner/${subject.practitioner}`, display: subject.name };
    await writeDecision(context, { patient, importId, part, parts, decision, practitioner });
  });
  return readProposals(context, importId, language);
}

type Writing = {
  patient: string;
  importId: string;
  part: Part;
  parts: readonly Part[];
  decision: 'accept' | 'reject';
  practitioner: object;
};

async function writeDecision(context: RequestContext, writing: Writing): Promise<void> {
  const { patient, importId, part, parts, decision, practitioner } = writing;
  const { writer, clock, grant } = context;
  const resource = takenOver(part, parts, patient);
  const id = writer.newId(resource.resourceType, patient);
  const name = `${resource.resourceType}/${id}`;
  const source = { reference: `DocumentReference/${importId}` };
  const at = new Date(clock.now()).toISOString();
  const isAccepted = decision === 'accept';
  const task = {
    resourceType: 'Task',
    status: isAccepted ? 'completed' : 'rejected',
    intent: 'order',
    code: { coding: [takeOver] },
    focus: source,
    for: { reference: `Patient/${patient}` },
    authoredOn: at,
    lastModified: at,
    owner: practitioner,
    input: [{ type: { text: 'part' }, valueString: part.id }],
    ...(isAccepted ? { output: [{ type: { text: 'resource' }, valueReference: { reference: name } }] } : {}),
  };
  const provenance = {
    resourceType: 'Provenance',
    // The patient too: a Provenance lies in the record that a target of it names.
    target: [{ reference: name }, { reference: `Patient/${patient}` }],
    recorded: at,
    agent: [{ who: practitioner }],
    entity: [{ role: 'source', what: source }],
  };
  await writer.apply(grant, [
    ...(isAccepted
      ? [
          { interaction: 'create' as const, resource: { ...resource, id }, id, fresh: true },
          { interaction: 'create' as const, resource: provenance as Resource },
        ]
      : []),
    { interaction: 'create', resource: task as Resource },
  ]);
}
