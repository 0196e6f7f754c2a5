/**
 * IHE MHD 4.2 on the FHIR endpoint: Provide Document Bundle (ITI-65) and Simplified Publish (ITI-105). A transaction that claims one of MHD's profiles is
 * checked against it, and what it entails is added: hash and size of the files, and that what is replaced is superseded. The record does the rest.
 */
import type { RequestContext, Resource } from '#fhir/index.ts';
import type { FhirAnswer, FhirRequest } from '#fhir/http/request.ts';
import { parseJson } from '#fhir/json/index.ts';
import { Fault, type FaultIssue } from '#kernel/fault.ts';
import { attachmentOf, elementOf, elementsOf, idOf, textOf, type Element } from './elements.ts';
import { readReplaced, superseding } from './intake.ts';
import { sha1Of } from './metadata.ts';

const profiles = 'https://profiles.ihe.net/ITI/MHD/StructureDefinition/';
const listTypes = 'https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes';

type Dispatch = (request: FhirRequest) => Promise<FhirAnswer>;

/**
 * Answers what MHD says more of than FHIR; undefined for anything else.
 * Faults: unprocessable, with every element that is missing or wrong.
 */
export async function completeProvided(
  context: RequestContext,
  request: FhirRequest,
  dispatch: Dispatch,
): Promise<FhirAnswer | undefined> {
  if (request.method !== 'POST' || request.segments.length > 1) return undefined;
  const body = elementOf(request.body) as Partial<Resource>;
  const [type = ''] = request.segments;
  if (type === '' && body.resourceType === 'Bundle' && claims(body, /ProvideBundle$/)) {
    const bundle = await completeBundle(context, body as Resource, claims(body, /\.Comprehensive\./));
    return dispatch({ ...request, body: bundle });
  }
  if (type === 'DocumentReference' && claims(body, /SimplifiedPublish/))
    return publish(context, request, body as Resource, dispatch);
  return undefined;
}

function claims(resource: Partial<Resource>, which: RegExp): boolean {
  const claimed = elementOf(resource.meta)['profile'];
  return (
    Array.isArray(claimed) &&
    claimed.some((one) => typeof one === 'string' && one.startsWith(profiles) && which.test(one))
  );
}

async function completeBundle(context: RequestContext, bundle: Resource, isComprehensive: boolean): Promise<Resource> {
  const entries = elementsOf(bundle['entry']);
  const issues: FaultIssue[] = [];
  const of = (type: string) => entries.filter(({ resource }) => elementOf(resource)['resourceType'] === type);
  const sets = of('List').filter(({ resource }) => isSubmissionSet(elementOf(resource)));
  if (bundle['type'] !== 'transaction') issues.push(issue('Provide Document Bundle is a transaction.', 'Bundle.type'));
  if (sets.length !== 1) issues.push(issue('There must be one SubmissionSet (List).', 'Bundle.entry'));
  for (const { resource } of sets) issues.push(...missing(elementOf(resource), submissionSet, 'List'));
  const files = new Map(of('Binary').map((entry) => [textOf(entry['fullUrl']) ?? '', elementOf(entry['resource'])]));
  const replaced: string[] = [];
  for (const { resource } of of('DocumentReference')) {
    const document = elementOf(resource) as unknown as Resource;
    completeAttachment(document, files, issues);
    issues.push(...missing(document, isComprehensive ? comprehensive : minimal, 'DocumentReference'));
    replaced.push(...replacedBy(document));
  }
  if (issues.length > 0) throw refusal(issues);
  const added = await Promise.all(replaced.map((id) => supersedingEntry(context, id, bundle)));
  return { ...bundle, entry: [...entries, ...added] } as Resource;
}

const isSubmissionSet = ({ code }: Element): boolean =>
  elementsOf(elementOf(code)['coding']).some((one) => one['system'] === listTypes && one['code'] === 'submissionset');

const submissionSet = ['identifier', 'status', 'mode', 'subject', 'date'] as const;
const minimal = ['status', 'content.attachment.contentType', 'content.attachment.url'] as const;
/** IHE MHD Comprehensive DocumentReference, which HIS 1169's required elements are among. */
const comprehensive = [
  ...minimal,
  'masterIdentifier',
  'type',
  'category',
  'subject',
  'securityLabel',
  'content.attachment.language',
  'content.attachment.size',
  'content.attachment.hash',
  'content.attachment.creation',
  'content.format',
  'context.facilityType',
  'context.practiceSetting',
  'context.sourcePatientInfo',
] as const;

function missing(resource: Element, paths: readonly string[], type: string): FaultIssue[] {
  const has = (path: string): boolean => {
    let values: unknown[] = [resource];
    for (const name of path.split('.'))
      values = values.flatMap((one) => elementsOf(one).flatMap((each) => each[name] ?? []));
    return values.length > 0;
  };
  return paths.filter((path) => !has(path)).map((path) => issue(`${type}.${path} is missing.`, `${type}.${path}`));
}

/** Hash and size are of the file that comes along: filled in where they are not told, refused where they are wrong. */
function completeAttachment(document: Resource, files: ReadonlyMap<string, Element>, issues: FaultIssue[]): void {
  for (const content of elementsOf(document['content'])) {
    const attachment = elementOf(content['attachment']);
    const file = files.get(textOf(attachment['url']) ?? '');
    if (file === undefined) continue;
    const bytes = Buffer.from(textOf(file['data']) ?? '', 'base64');
    const hash = sha1Of(bytes);
    if (attachment['hash'] !== undefined && attachment['hash'] !== hash)
      issues.push(issue('The hash is not that of the file.', 'DocumentReference.content.attachment.hash'));
    if (attachment['size'] !== undefined && attachment['size'] !== bytes.length)
      issues.push(issue('The size is not that of the file.', 'DocumentReference.content.attachment.size'));
    Object.assign(attachment, { hash, size: bytes.length });
    // The file lies in the record of whom it is about.
    if (file['securityContext'] === undefined && document['subject'] !== undefined)
      file['securityContext'] = document['subject'];
  }
}

function replacedBy(document: Element): string[] {
  return elementsOf(document['relatesTo']).flatMap(({ code, target }) => {
    const id = code === 'replaces' ? idOf(target, 'DocumentReference') : undefined;
    return id === undefined ? [] : [id];
  });
}

async function supersedingEntry(context: RequestContext, id: string, bundle: Resource): Promise<object> {
  const documents = elementsOf(bundle['entry']).map(({ resource }) => elementOf(resource));
  const patient = idOf(documents.find((one) => replacedBy(one).includes(id))?.['subject'], 'Patient') ?? '';
  const { resource, ifMatch } = superseding(await readReplaced(context, id, patient));
  return {
    fullUrl: `${context.settings.baseUrl}/DocumentReference/${id}`,
    resource,
    request: { method: 'PUT', url: `DocumentReference/${id}`, ifMatch: `W/"${ifMatch}"` },
  };
}

/** ITI-105: one DocumentReference with its file in it becomes a document, a file and a SubmissionSet, in one transaction. */
async function publish(
  context: RequestContext,
  request: FhirRequest,
  document: Resource,
  dispatch: Dispatch,
): Promise<FhirAnswer> {
  const attachment = attachmentOf(document);
  const { data, contentType } = attachment;
  if (typeof data !== 'string' || typeof contentType !== 'string')
    throw refusal([
      issue(
        'A simplified publication has its file in attachment.data, with its contentType.',
        'DocumentReference.content.attachment.data',
      ),
    ]);
  const { subject } = document;
  const [file, set, own] = ['Binary', 'List', 'DocumentReference'].map(
    (type) => `urn:uuid:${context.writer.newId(type)}`,
  ) as [string, string, string];
  const { data: _moved, ...rest } = attachment;
  const content = [
    { ...elementsOf(document['content'])[0], attachment: { creation: nowOf(context), ...rest, url: file } },
  ];
  const { profile: _claimed, ...left } = elementOf(document.meta);
  const meta = Object.keys(left).length === 0 ? {} : { meta: left };
  const identifier = [{ system: 'urn:ietf:rfc:3986', value: set }];
  const list = {
    resourceType: 'List',
    identifier,
    status: 'current',
    mode: 'working',
    code: { coding: [{ system: listTypes, code: 'submissionset' }] },
    subject,
    date: nowOf(context),
    entry: [{ item: { reference: own } }],
  };
  const create = (fullUrl: string, resource: object) => ({
    fullUrl,
    resource,
    request: { method: 'POST', url: String(elementOf(resource)['resourceType']) },
  });
  const { meta: _own, ...unlabelled } = document;
  const made = {
    ...unlabelled,
    masterIdentifier: document['masterIdentifier'] ?? { system: 'urn:ietf:rfc:3986', value: own },
    ...meta,
    content,
  };
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      create(own, made),
      create(file, { resourceType: 'Binary', contentType, securityContext: subject, data }),
      create(set, list),
    ],
  };
  const complete = await completeBundle(context, bundle as unknown as Resource, false);
  const answer = await dispatch({
    ...request,
    segments: [],
    headers: { ...request.headers, prefer: 'return=representation' },
    body: complete,
  });
  const [first] = elementsOf((parseJson(answer.text ?? '{}') as Element)['entry']);
  const response = elementOf(first?.['response']);
  return {
    status: 201,
    resource: elementOf(first?.['resource']),
    location: textOf(response['location']),
    versionId: /"(.+)"/.exec(textOf(response['etag']) ?? '')?.[1],
  };
}

const nowOf = ({ clock }: RequestContext): string => new Date(clock.now()).toISOString();

const issue = (diagnostics: string, expression: string): FaultIssue => ({
  severity: 'error',
  code: 'required',
  diagnostics,
  expression,
});

function refusal(issues: FaultIssue[]): Fault {
  return new Fault('unprocessable', 'The document bundle is not as IHE MHD says.', { issues });
}
