/** What a structured document says of itself: CDA, KITH XML, or a FHIR document. Pure. */
import type { Resource } from '#fhir/index.ts';
import { writeJson } from '#fhir/json/index.ts';
import { Fault } from '#kernel/fault.ts';
import { identifierSystems } from '#shared/identifier-systems.ts';
import { codeSystems, confidentialityCodes, documentTypes, formatCodes } from './codes.ts';
import { elementOf, elementsOf, idOf, textOf, type Element } from './elements.ts';
import { decodeText, kindOf } from './reading/kinds.ts';
import { renderKith } from './reading/kith.ts';
import { allOf, childrenOf, firstOf, innerText, readXmlTree, type XmlElement } from './reading/xml-tree.ts';

export type Coding = { system: string; code: string; display?: string };
export type Identifier = { system: string; value: string };

export type Told = {
  bytes: Buffer;
  contentType: string;
  format: string;
  title: string;
  /** Of the document, not of its file. */
  uniqueId: Identifier | undefined;
  /** The patient's numbers as the document has them. */
  numbers: readonly Identifier[];
  /** The patient's id here, where the document has it. */
  patient: string | undefined;
  type: readonly Coding[];
  confidentiality: Coding | undefined;
  /** ISO 8601. */
  date: string | undefined;
  language: string | undefined;
  authors: readonly string[];
  custodian: string | undefined;
};

const uriSystem = 'urn:ietf:rfc:3986';
const hl7Confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const documentBundle = 'http://hl7.org/fhir/StructureDefinition/Bundle';

/** Faults: invalid, for what is neither Binary nor Bundle; unprocessable, for what says nothing of itself, or can not be read. */
export async function toldBy(document: Resource | undefined): Promise<Told> {
  if (document?.resourceType === 'Binary') return toldByBinary(document);
  if (document?.resourceType === 'Bundle' && document['type'] === 'document') return toldByBundle(document);
  throw new Fault('invalid', 'The parameter document is a Binary, or a Bundle of type document.');
}

async function toldByBinary(binary: Resource): Promise<Told> {
  const bytes = Buffer.from(textOf(binary['data']) ?? '', 'base64');
  const kind = await kindOf(bytes);
  if (kind !== 'cda' && kind !== 'kith')
    throw new Fault(
      'unprocessable',
      'Metadata is made of what is structured: CDA, KITH XML, or a FHIR document. Send others with their metadata.',
      { reason: 'unknown-kind' },
    );
  const root = readXmlTree(decodeText(bytes) ?? '');
  const contentType = textOf(binary['contentType']) ?? 'application/xml';
  const told = kind === 'cda' ? toldByCda(root) : toldByKith(root);
  return { ...told, bytes, contentType, patient: idOf(binary['securityContext'], 'Patient') };
}

type ToldByXml = Omit<Told, 'bytes' | 'contentType' | 'patient'>;

/** CDA R2, chapter 4.2: the header. */
function toldByCda(root: XmlElement): ToldByXml {
  const code = firstOf(root, 'code');
  const author = firstOf(root, 'author', 'assignedAuthor');
  const custodian = firstOf(root, 'custodian', 'assignedCustodian', 'representedCustodianOrganization', 'name');
  const people = childrenOf(root, 'recordTarget').flatMap((one) => firstOf(one, 'patientRole') ?? []);
  return {
    format: formatCodes.text,
    title: words(firstOf(root, 'title')) || code?.attributes['displayName'] || 'Dokument',
    uniqueId: identifierOf(firstOf(root, 'id')),
    numbers: people.flatMap((one) => childrenOf(one, 'id').flatMap((id) => identifierOf(id) ?? [])),
    type: codingOfXml(code),
    confidentiality: confidentialityOf(codingOfXml(firstOf(root, 'confidentialityCode'))[0]),
    date: timeOf(firstOf(root, 'effectiveTime')?.attributes['value']),
    language: firstOf(root, 'languageCode')?.attributes['code'],
    authors: [
      wordsWithin(firstOf(author, 'assignedPerson', 'name')),
      words(firstOf(author, 'representedOrganization', 'name')),
    ].filter(Boolean),
    custodian: words(custodian) || undefined,
  };
}

/** MsgHead (HIS 80601) around a message of KITH's, or the older messages that have their own head. */
function toldByKith(root: XmlElement): ToldByXml {
  const { title, formatCode, documentType } = renderKith(root);
  const [person] = allOf(root, 'Patient');
  const number = words(firstOf(person, 'OffId')) || words(firstOf(person, 'Ident', 'Id'));
  const id = words(firstOf(root, 'MsgInfo', 'MsgId')) || words(firstOf(root, 'MsgId'));
  const sender = firstOf(root, 'MsgInfo', 'Sender', 'Organisation', 'OrganisationName');
  const made = firstOf(root, 'MsgInfo', 'GenDate') ?? firstOf(root, 'GenDate');
  return {
    format: formatCode ?? formatCodes.text,
    title,
    uniqueId: isUuid(id) ? { system: uriSystem, value: `urn:uuid:${id.toLowerCase()}` } : undefined,
    numbers: /^\d{11}$/.test(number) ? [numberIdentifier(number)] : [],
    type:
      documentType === undefined
        ? []
        : [{ system: codeSystems.documentType, code: documentType, ...displayOf(documentTypes[documentType]) }],
    confidentiality: undefined,
    date: instantOf(made?.attributes['V'] ?? words(made)),
    language: undefined,
    authors: [words(sender)].filter(Boolean),
    custodian: undefined,
  };
}

/** The Composition that comes first (R4 documents.html). */
function toldByBundle(bundle: Resource): Told {
  const entries = elementsOf(bundle['entry']);
  const composition = elementOf(entries[0]?.['resource']);
  if (composition['resourceType'] !== 'Composition')
    throw new Fault('unprocessable', 'A FHIR document begins with its Composition.');
  const within = (reference: unknown): Element => {
    const named = textOf(elementOf(reference)['reference']);
    const found = entries.find(
      ({ fullUrl, resource }) =>
        named !== undefined &&
        (fullUrl === named ||
          `${String(elementOf(resource)['resourceType'])}/${String(elementOf(resource)['id'])}` === named),
    );
    return elementOf(found?.['resource']);
  };
  const nameOf = (reference: unknown): string | undefined => {
    const { name } = within(reference);
    const [human] = elementsOf(name);
    const given = Array.isArray(human?.['given']) ? human['given'].join(' ') : '';
    const built = `${given} ${textOf(human?.['family']) ?? ''}`.trim();
    return (
      textOf(elementOf(reference)['display']) ??
      textOf(name) ??
      textOf(human?.['text']) ??
      (built === '' ? undefined : built)
    );
  };
  const { subject } = composition;
  const patient = within(subject);
  const { system, value } = elementOf(bundle['identifier']);
  const profile = elementOf(bundle.meta)['profile'];
  const label = textOf(composition['confidentiality']);
  return {
    bytes: Buffer.from(writeJson(bundle)),
    contentType: 'application/fhir+json',
    format: (Array.isArray(profile) ? textOf(profile[0]) : undefined) ?? documentBundle,
    title: textOf(composition['title']) ?? 'Dokument',
    uniqueId: textOf(value) === undefined ? undefined : { system: textOf(system) ?? uriSystem, value: String(value) },
    numbers: elementsOf(patient['identifier']).flatMap(toIdentifier),
    // A reference that leads out of the document is to the record here.
    patient: patient['resourceType'] === undefined ? idOf(subject, 'Patient') : undefined,
    type: elementsOf(elementOf(composition['type'])['coding']).flatMap(toCoding),
    confidentiality: confidentialityOf(label === undefined ? undefined : { system: hl7Confidentiality, code: label }),
    date: textOf(composition['date']),
    language: textOf(composition['language']) ?? textOf(bundle['language']),
    authors: elementsOf(composition['author']).flatMap((one) => nameOf(one) ?? []),
    custodian: nameOf(composition['custodian']),
  };
}

function toIdentifier({ system, value }: Element): Identifier[] {
  return textOf(system) === undefined || textOf(value) === undefined
    ? []
    : [{ system: String(system), value: String(value) }];
}

function toCoding({ system, code, display }: Element): Coding[] {
  return textOf(system) === undefined || textOf(code) === undefined
    ? []
    : [{ system: String(system), code: String(code), ...displayOf(textOf(display)) }];
}

const displayOf = (display: string | undefined): { display?: string } => (display === undefined ? {} : { display });

/** "Normal" is 9603's N; what is stricter stays the label that it is. */
function confidentialityOf(coding: Coding | undefined): Coding | undefined {
  if (coding === undefined) return undefined;
  const isOpen = coding.system === hl7Confidentiality && ['N', 'L', 'M', 'U'].includes(coding.code);
  const code = isOpen ? 'N' : coding.system === codeSystems.confidentiality ? coding.code : undefined;
  if (code === undefined) return coding;
  if (confidentialityCodes[code] === undefined)
    throw new Fault('unprocessable', `"${code.slice(0, 20)}" is no code of 9603.`);
  return { system: codeSystems.confidentiality, code, ...displayOf(confidentialityCodes[code]) };
}

const systemsByOid: Readonly<Record<string, string>> = {
  '2.16.840.1.113883.6.1': 'http://loinc.org',
  '2.16.840.1.113883.6.96': 'http://snomed.info/sct',
  '2.16.840.1.113883.5.25': hl7Confidentiality,
};

function codingOfXml(element: XmlElement | undefined): Coding[] {
  const { code, codeSystem, displayName } = element?.attributes ?? {};
  if (code === undefined || codeSystem === undefined) return [];
  return [{ system: systemsByOid[codeSystem] ?? `urn:oid:${codeSystem}`, code, ...displayOf(displayName) }];
}

/** HL7's II: a root alone is the id; with an extension the root is its system. */
function identifierOf(element: XmlElement | undefined): Identifier | undefined {
  const { root, extension } = element?.attributes ?? {};
  if (root === undefined || root === '') return undefined;
  const uri = isUuid(root) ? `urn:uuid:${root.toLowerCase()}` : `urn:oid:${root}`;
  return extension === undefined ? { system: uriSystem, value: uri } : { system: uri, value: extension };
}

function numberIdentifier(number: string): Identifier {
  const first = Number(number[0]);
  const { nationalNumber, dNumber, commonAidNumber } = identifierSystems;
  return { system: first >= 8 ? commonAidNumber : first >= 4 ? dNumber : nationalNumber, value: number };
}

/** HL7's TS (`20260101101500+0100`): a day, or an instant where the offset is told. */
function timeOf(time: string | undefined): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?(?:\.\d+)?([+-]\d\d)(\d\d))?/.exec(time ?? '');
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '00', offsetHours, offsetMinutes] = match;
  const date = `${year}-${month}-${day}`;
  return hour === undefined ? date : `${date}T${hour}:${minute}:${second}${offsetHours}:${offsetMinutes}`;
}

/** Only what FHIR takes for a dateTime. */
function instantOf(text: string): string | undefined {
  return (
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?$/.exec(text)?.[0] ?? /^\d{4}-\d\d-\d\d/.exec(text)?.[0]
  );
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
const words = (element: XmlElement | undefined): string => innerText(element).replace(/\s+/g, ' ').trim();
const wordsWithin = (element: XmlElement | undefined): string =>
  element === undefined || childrenOf(element).length === 0
    ? words(element)
    : childrenOf(element).map(words).filter(Boolean).join(' ');
