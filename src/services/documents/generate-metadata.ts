/** `DocumentReference/$generate-metadata` (IHE MHD 4.2, ITI-106): a structured document comes alone, and is entered with the metadata that it has of itself. */
import type { RequestContext, Resource } from '#fhir/index.ts';
import { asResource, type FhirAnswer } from '#fhir/http/request.ts';
import { parseJson } from '#fhir/json/index.ts';
import { inputsOf, type Operation, type OperationCall } from '#fhir/operations/operation.ts';
import { runSearch } from '#fhir/search/run.ts';
import { Fault } from '#kernel/fault.ts';
import { identifierSystems } from '#shared/identifier-systems.ts';
import { codeSystems, confidentialityCodes, documentTypes, groupOf } from './codes.ts';
import { attachmentOf, elementsOf } from './elements.ts';
import { sha1Of } from './metadata.ts';
import { toldBy, type Coding, type Identifier, type Told } from './told-by-document.ts';

const listTypes = 'https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes';
const uriSystem = 'urn:ietf:rfc:3986';

export const generateMetadata: Operation = {
  name: 'generate-metadata',
  definition: 'https://profiles.ihe.net/ITI/MHD/OperationDefinition/generate-metadata',
  levels: ['type'],
  types: ['DocumentReference'],
  affectsState: true,
  handle: answerGenerate,
};

/** Faults: invalid, for what is not asked as MHD says; unprocessable, for what can not be read or is about nobody who is here; conflict, for other content under a known id. */
async function answerGenerate(context: RequestContext, call: OperationCall): Promise<FhirAnswer> {
  const inputs = inputsOf(call);
  const [input] = inputs;
  if (inputs.length !== 1 || input?.name !== 'document')
    throw new Fault('invalid', 'Send a Parameters with the one parameter document.');
  const told = await toldBy(asResource(input.value));
  const patient = await patientOf(context, told);
  const id = (await findSame(context, patient, told)) ?? (await enter(context, patient, told));
  const parameter = [{ name: 'DocumentReference', valueReference: { reference: `DocumentReference/${id}` } }];
  return { status: 200, resource: { resourceType: 'Parameters', parameter } };
}

/** Whom it is about: by id, by number, or both where they agree. */
async function patientOf(context: RequestContext, { patient, numbers }: Told): Promise<string> {
  const found = new Map<string, Resource>();
  const asked: [string, string][] = [
    ...(patient === undefined ? [] : [['_id', patient] as [string, string]]),
    ...numbers.slice(0, 10).map((one): [string, string] => ['identifier', token(one)]),
  ];
  for (const parameter of asked) {
    const { rows } = await runSearch(
      context,
      context.search.parse('Patient', [parameter, ['_count', '2'], ['_total', 'none']]),
    );
    for (const { id, content } of rows) found.set(id, parseJson(content.toString()) as Resource);
  }
  const [[id, person] = []] = found;
  if (id === undefined || person === undefined)
    throw new Fault('unprocessable', 'The document is about nobody who is here.', { reason: 'unknown-patient' });
  if (found.size > 1 || isSomebodyElse(person, numbers))
    throw new Fault('unprocessable', 'It is not clear whom the document is about.', { reason: 'unknown-patient' });
  return id;
}

/** One national number in the document, and another in the record. */
function isSomebodyElse(person: Resource, numbers: readonly Identifier[]): boolean {
  const own = elementsOf(person['identifier']);
  return numbers.some(({ system, value }) => {
    if (system !== identifierSystems.nationalNumber) return false;
    const known = own.filter((one) => one['system'] === system);
    return known.length > 0 && !known.some((one) => one['value'] === value);
  });
}

const token = ({ system, value }: Identifier): string => `${escaped(system)}|${escaped(value)}`;
const escaped = (text: string): string => text.replace(/[\\$,|]/g, '\\$&');

/** What came before is not entered again. */
async function findSame(context: RequestContext, patient: string, told: Told): Promise<string | undefined> {
  if (told.uniqueId === undefined) return undefined;
  const query = context.search.parse('DocumentReference', [
    ['patient', `Patient/${patient}`],
    ['identifier', token(told.uniqueId)],
    ['status', 'current,superseded'],
    ['_count', '1'],
    ['_total', 'none'],
  ]);
  const { rows } = await runSearch(context, query);
  const [row] = rows;
  if (row === undefined) return undefined;
  if (attachmentOf(parseJson(row.content.toString()) as Resource)['hash'] === sha1Of(told.bytes)) return row.id;
  throw new Fault(
    'conflict',
    'There is a document with this id and another content. Send it with its own, as a replacement.',
  );
}

/** The file, its description and the submission, in one transaction. */
async function enter(context: RequestContext, patient: string, told: Told): Promise<string> {
  const { writer, grant } = context;
  const [file, document, set] = ['Binary', 'DocumentReference', 'List'].map((type) => writer.newId(type, patient)) as [
    string,
    string,
    string,
  ];
  const now = new Date(context.clock.now()).toISOString();
  const subject = { reference: `Patient/${patient}` };
  const resources = [
    {
      resourceType: 'Binary',
      id: file,
      contentType: told.contentType,
      securityContext: subject,
      data: told.bytes.toString('base64'),
    },
    reference(told, { id: document, file, subject, now }),
    {
      resourceType: 'List',
      id: set,
      identifier: [{ system: uriSystem, value: `urn:uuid:${set}` }],
      status: 'current',
      mode: 'working',
      code: { coding: [{ system: listTypes, code: 'submissionset' }] },
      subject,
      date: now,
      entry: [{ item: { reference: `DocumentReference/${document}` } }],
    },
  ];
  await writer.apply(
    grant,
    resources.map((resource) => ({
      interaction: 'create' as const,
      resource: resource as unknown as Resource,
      id: resource.id,
      fresh: true,
    })),
  );
  return document;
}

type Place = { id: string; file: string; subject: { reference: string }; now: string };

function reference(told: Told, { id, file, subject, now }: Place): { resourceType: string; id: string } {
  const identifier = told.uniqueId ?? { system: uriSystem, value: `urn:uuid:${id}` };
  const label = told.confidentiality ?? normal;
  const national = told.type.find(({ system, code }) => system === codeSystems.documentType && code in documentTypes);
  const isNormal = label.system === codeSystems.confidentiality && label.code === 'N';
  return {
    resourceType: 'DocumentReference',
    id,
    ...(isNormal ? {} : { meta: { security: [label] } }),
    masterIdentifier: identifier,
    identifier: [identifier],
    status: 'current',
    docStatus: 'final',
    ...(told.type.length === 0 ? {} : { type: { coding: told.type } }),
    ...(national === undefined ? {} : { category: [{ coding: [groupCoding(national.code)] }] }),
    subject,
    date: now,
    ...(told.authors.length === 0 ? {} : { author: told.authors.map((display) => ({ display })) }),
    ...(told.custodian === undefined ? {} : { custodian: { display: told.custodian } }),
    description: told.title,
    securityLabel: [{ coding: [label] }],
    content: [
      {
        attachment: {
          contentType: told.contentType,
          ...(told.language === undefined ? {} : { language: told.language }),
          url: `Binary/${file}`,
          size: told.bytes.length,
          hash: sha1Of(told.bytes),
          title: told.title,
          creation: told.date ?? now,
        },
        format: { system: uriSystem, code: told.format },
      },
    ],
    context: { sourcePatientInfo: subject },
  } as { resourceType: string; id: string };
}

const normal: Coding = { system: codeSystems.confidentiality, code: 'N', display: confidentialityCodes['N'] ?? '' };

function groupCoding(type: string): Coding {
  const code = groupOf(type);
  return { system: codeSystems.documentType, code, display: documentTypes[code] ?? '' };
}
