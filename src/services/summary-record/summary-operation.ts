/** `Patient/$summary` (IPS operation) and `Composition/$document` (R4 composition-operation-document.html). */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '#fhir/context.ts';
import type { FhirAnswer } from '#fhir/http/request.ts';
import { parseJson } from '#fhir/json/index.ts';
import { textInput, type Operation, type OperationCall } from '#fhir/operations/operation.ts';
import { readCurrent, readMany } from '#fhir/record/reading.ts';
import { runSearch } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import { bundleProfile, documentOf, type DocumentDeps } from './document.ts';
import { nameOf, referenceOf } from './elements.ts';
import { chooseLanguage, type Language } from './languages.ts';
import { readSummary, type ReadBeside } from './read-summary.ts';
import { localised, ownReference, referencesIn } from './references.ts';

/** Whether the patient wants no summary record. */
export type IsReserved = (patient: string) => Promise<boolean>;

export const noSummary = 'The patient has no summary record.';

/** @param isReserved who wants no summary record has none, for anybody */
export function summaryOperations(isReserved: IsReserved, readBeside: ReadBeside): Operation[] {
  return [
    {
      name: 'summary',
      definition: 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary',
      levels: ['type', 'instance'],
      types: ['Patient'],
      affectsState: false,
      handle: (context, call) => answerSummary(context, call, { isReserved, readBeside }),
    },
    {
      name: 'document',
      definition: 'http://hl7.org/fhir/OperationDefinition/Composition-document',
      levels: ['instance'],
      types: ['Composition'],
      affectsState: false,
      handle: answerDocument,
    },
  ];
}

async function answerSummary(
  context: RequestContext,
  call: OperationCall,
  { isReserved, readBeside }: { isReserved: IsReserved; readBeside: ReadBeside },
): Promise<FhirAnswer> {
  const profile = textInput(call, 'profile');
  if (profile !== undefined && profile.split('|')[0] !== bundleProfile)
    throw new Fault('notSupported', `Summaries are made by ${bundleProfile} only.`);
  const patient = call.id ?? (await patientByIdentifier(context, textInput(call, 'identifier')));
  const summary = await readSummary(context, patient, readBeside);
  if (await isReserved(patient)) throw new Fault('notFound', noSummary, { reason: 'reserved' });
  const document = documentOf(summary, languageOf(call), documentDeps(context));
  return { status: 200, resource: document };
}

export function documentDeps({ settings, writer }: Pick<RequestContext, 'settings' | 'writer'>): DocumentDeps {
  const { baseUrl, node, version } = settings;
  return { baseUrl, node, version, newId: (type) => writer.newId(type) };
}

function languageOf(call: OperationCall): Language {
  return chooseLanguage(textInput(call, '_language'), call.request.headers['accept-language']);
}

/** Of `system|value`, or a value alone. Faults: invalid, notFound, conflict where several have it. */
export async function patientByIdentifier(
  context: Pick<RequestContext, 'db' | 'search' | 'grant'>,
  identifier: string | undefined,
): Promise<string> {
  if (identifier === undefined) throw new Fault('invalid', 'Name the patient: by id, or by the parameter identifier.');
  const query = context.search.parse('Patient', [
    ['identifier', identifier],
    ['_count', '2'],
    ['_total', 'none'],
  ]);
  const { rows } = await runSearch(context, query);
  const [found] = rows;
  if (found === undefined) throw new Fault('notFound', 'Nobody here has this number.');
  if (rows.length > 1) throw new Fault('conflict', 'Several people have this number. Name the patient by id.');
  return found.id;
}

/** What the stored Composition names, and what that names, each as the caller may read it now. */
async function answerDocument(context: RequestContext, call: OperationCall): Promise<FhirAnswer> {
  const id = call.id as string;
  const persist = textInput(call, 'persist');
  if (persist === 'true') throw new Fault('notSupported', 'Documents are not kept here by themselves.');
  const stored = await readCurrent(context, 'Composition', id);
  if (stored === undefined) throw new Fault('notFound', `Composition/${id} is not here.`);
  if (stored.content === null) throw new Fault('gone', `Composition/${id} was deleted.`);
  const composition = parseJson(stored.content) as Resource;
  const { baseUrl } = context.settings;
  const patient = ownReference(referenceOf(composition['subject']) ?? '', baseUrl);
  const patientId = patient?.startsWith('Patient/') ? patient.slice('Patient/'.length) : undefined;
  const found = await gather(context, composition, patientId);
  const inside = new Set([nameOf(composition), ...found.keys()]);
  const bundleId = context.writer.newId('Bundle');
  const resources = [composition, ...found.values()].map((one) => localised(one, inside, baseUrl));
  const resource = {
    resourceType: 'Bundle',
    id: bundleId,
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${bundleId}` },
    type: 'document',
    timestamp: new Date(context.clock.now()).toISOString(),
    entry: resources.map((one) => ({ fullUrl: `${baseUrl}/${nameOf(one)}`, resource: one })),
  };
  return { status: 200, resource };
}

const documentResourcesMax = 2000;

async function gather(
  context: RequestContext,
  composition: Resource,
  patient: string | undefined,
): Promise<Map<string, Resource>> {
  const found = new Map<string, Resource>();
  let edge: readonly Resource[] = [composition];
  for (let step = 0; step < 2 && edge.length > 0; step++) {
    const names = [...referencesIn(edge)].flatMap((one) => ownReference(one, context.settings.baseUrl) ?? []);
    const keys = [...new Set(names)]
      .filter((name) => !found.has(name) && name !== nameOf(composition))
      .map((name) => ({ type: name.slice(0, name.indexOf('/')), id: name.slice(name.indexOf('/') + 1) }));
    if (found.size + keys.length > documentResourcesMax)
      throw new Fault('tooCostly', `A document has at most ${documentResourcesMax} resources.`);
    const read = await readMany(context, keys, patient);
    edge = read.flatMap(({ content }) => (content === null ? [] : [parseJson(content) as Resource]));
    for (const one of edge) found.set(nameOf(one), one);
  }
  return found;
}
