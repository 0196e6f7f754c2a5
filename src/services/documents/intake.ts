/** Takes a file in: checked, kept as a blob, described, and entered in the record, with what it replaces superseded in the same transaction. */
import { readCurrent, type RequestContext, type Resource } from '#fhir/index.ts';
import { parseJson } from '#fhir/json/index.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { Subject } from '#trust/subject.ts';
import type { DocumentView, TypeBy, UploadMetadata } from './contract.ts';
import type { ContentDeps } from './content.ts';
import type { MalwareScan } from './malware.ts';
import { documentReference } from './metadata.ts';
import { kindOf, type DocumentKind } from './reading/kinds.ts';
import type { OpenFile } from './reading/read-file.ts';
import { languageOf } from './reading/language.ts';
import { kithOf, textOfFile, type FileText } from './reading/text-of.ts';
import { viewOf } from './view.ts';

/** What says the type of a document by its text (Volven 9602). Undefined, or `needsReview`: a person is to decide. */
export type Classify = (asked: {
  text: string;
  contentType: string;
  title: string | undefined;
}) => Promise<{ code: string; confidence: number; needsReview: boolean } | undefined>;

export type IntakeDeps = ContentDeps & {
  ids: Pick<Ids, 'uuid'>;
  /** Bytes that a file may have. */
  bytesMax: number;
  scan: MalwareScan | undefined;
  classify: Classify | undefined;
  open: OpenFile;
};

export type Incoming = { metadata: UploadMetadata; bytes: Uint8Array; by: Subject | undefined };

/** Faults: tooLarge; unprocessable, for what can not be taken; notFound, for what it would replace; those of the record. */
export async function takeIn(
  context: RequestContext,
  deps: IntakeDeps,
  { metadata, bytes, by }: Incoming,
): Promise<DocumentView> {
  const { kind, read } = await checkFile(deps, bytes);
  const { patient } = metadata;
  const about = await describe(deps, { metadata, kind, bytes, read });
  const before = metadata.replaces === undefined ? undefined : await readReplaced(context, metadata.replaces, patient);
  const id = context.writer.newId('DocumentReference', patient);
  const now = new Date(context.clock.now()).toISOString();
  const draft = (sha256: string): Resource =>
    documentReference({
      id,
      metadata,
      kind,
      bytes,
      sha256,
      uniqueId: `urn:uuid:${deps.ids.uuid()}`,
      now,
      ...about,
      ...partiesOf(by),
    });
  // Refused before anything is kept, where the codes are none.
  draft('');
  // Whoever may not write about this patient is refused before the file is kept.
  await requirePatient(context, patient);
  const { sha256 } = await deps.blobs.put(patient, [bytes], { bytesMax: deps.bytesMax });
  const [made] = await context.writer.apply(context.grant, [
    { interaction: 'create', resource: draft(sha256), id, fresh: true },
    ...(before === undefined ? [] : [superseding(before)]),
  ]);
  return viewOf(parseJson(made?.content ?? '{}') as Resource);
}

/** Size, kind, malware, and whether it can be opened at all. */
async function checkFile(
  { bytesMax, scan, open }: IntakeDeps,
  bytes: Uint8Array,
): Promise<{ kind: DocumentKind; read: FileText }> {
  if (bytes.length === 0) throw new Fault('unprocessable', 'The file is empty.');
  if (bytes.length > bytesMax)
    throw new Fault('tooLarge', `The file is larger than the ${bytesMax} bytes that this node takes.`);
  await scan?.(bytes);
  const kind = await kindOf(bytes);
  if (kind === undefined)
    throw new Fault(
      'unprocessable',
      'This kind of file is not taken. PDF, text, RTF, HTML, CDA, KITH XML, DOCX, JPEG, PNG and TIFF are.',
      {
        reason: 'unknown-kind',
      },
    );
  return { kind, read: await textOfFile(open, { kind, bytes }) };
}

type About = {
  type: string | undefined;
  typeBy: TypeBy;
  title: string;
  language: string | undefined;
  formatCode: string | undefined;
};

/** What the sender said; else what the message says of itself; else what the classifier is sure of. */
async function describe(
  { classify }: IntakeDeps,
  { metadata, kind, bytes, read }: { metadata: UploadMetadata; kind: DocumentKind; bytes: Uint8Array; read: FileText },
): Promise<About> {
  const message = kind === 'kith' ? kithOf(bytes) : undefined;
  const given = metadata.type ?? message?.documentType;
  const told = languageOf(read.text);
  const title = metadata.title ?? message?.title ?? metadata.fileName ?? firstLine(read.text) ?? 'Dokument';
  const about = {
    title,
    language: metadata.language ?? (told === 'und' ? undefined : told),
    formatCode: message?.formatCode,
  };
  if (given !== undefined) return { ...about, type: given, typeBy: 'given' };
  const found =
    read.text === '' ? undefined : await classify?.({ text: read.text, contentType: kind, title: metadata.title });
  return found === undefined || found.needsReview
    ? { ...about, type: undefined, typeBy: 'undecided' }
    : { ...about, type: found.code, typeBy: 'machine' };
}

function firstLine(text: string): string | undefined {
  const line = text
    .split('\n')
    .map((one) => one.trim())
    .find((one) => one !== '');
  return line?.slice(0, 100);
}

/** Personnel by their role and organisation, systems by theirs, citizens by their own record. */
function partiesOf(by: Subject | undefined): { author: object | undefined; custodian: object | undefined } {
  if (by === undefined || by.kind === 'background') return { author: undefined, custodian: undefined };
  if (by.kind === 'citizen')
    return { author: { reference: `Patient/${by.patient}`, display: by.name }, custodian: undefined };
  const { role } = by;
  const custodian = role && { reference: `Organization/${role.legalEntity}` };
  if (by.kind === 'system')
    return { author: role && { reference: `Organization/${role.pointOfCare}`, display: by.name }, custodian };
  const reference =
    role?.practitionerRole === undefined
      ? `Practitioner/${by.practitioner}`
      : `PractitionerRole/${role.practitionerRole}`;
  return { author: { reference, display: by.name }, custodian };
}

async function requirePatient(context: RequestContext, patient: string): Promise<void> {
  const found = await readCurrent(context, 'Patient', patient);
  if (found?.content == null) throw new Fault('notFound', 'There is no such patient.');
}

/** Faults: notFound; conflict, for what was replaced or withdrawn already; unprocessable, for another patient's. */
export async function readReplaced(
  context: RequestContext,
  id: string,
  patient: string,
): Promise<Resource & { versionId: string }> {
  const found = await readCurrent(context, 'DocumentReference', id);
  if (found?.content == null) throw new Fault('notFound', 'The document that is to be replaced is not here.');
  const document = parseJson(found.content) as Resource;
  if (found.patient !== patient)
    throw new Fault('unprocessable', 'A document is replaced by one about the same patient.');
  if (document['status'] !== 'current') throw new Fault('conflict', 'Only a current document can be replaced.');
  return { ...document, versionId: found.versionId };
}

/** The change that makes a document superseded, where it is still the version that was read. */
export function superseding({ versionId, ...document }: Resource & { versionId: string }): {
  interaction: 'update';
  resource: Resource;
  id: string;
  ifMatch: string;
} {
  return {
    interaction: 'update',
    resource: { ...document, status: 'superseded' } as Resource,
    id: document.id ?? '',
    ifMatch: versionId,
  };
}
