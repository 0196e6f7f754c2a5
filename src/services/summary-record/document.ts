/**
 * A patient summary as a FHIR document (R4 documents.html, IPS 2.0): the Composition first, then all that it refers to; no reference leads out of it.
 * Pure: what is read, the clock and new ids are handed in.
 */
import type { Resource } from '#fhir/types.ts';
import { absentOrUnknown, emptyReasons, loinc } from './codes.ts';
import { nameOf } from './elements.ts';
import { languageTags, writeDate, type Language } from './languages.ts';
import { escapeXml, emptyText, inDiv, narrativeOf } from './narrative.ts';
import { localised } from './references.ts';
import { requiredSections, sectionCodes, type ChosenSection, type SectionKey } from './sections.ts';
import type { Summary } from './summary.ts';
import { documentTitle, labels, sectionTitles } from './words.ts';

export type DocumentDeps = {
  /** Where clients reach the FHIR API, without a trailing slash. */
  baseUrl: string;
  /** The name of the node and the version of the program, which is the author. */
  node: string;
  version: string;
  newId(type: string): string;
};

export const bundleProfile = 'http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips';

type Section = { [element: string]: unknown };

/** The document Bundle of a summary, its texts in a language. */
export function documentOf(summary: Summary, language: Language, deps: DocumentDeps): Resource {
  const { patient, sections, around, madeAt } = summary;
  const at = new Date(madeAt).toISOString();
  const author = authorOf(deps);
  const stated = sections.flatMap((section) => absentStatement(section, patient, language, deps) ?? []);
  const chosen = sections.flatMap(({ entries }) => entries);
  const inside = new Set([patient, author, ...chosen, ...around.values()].map(nameOf));
  const own = [patient, ...chosen, ...around.values()].map((one) => localised(one, inside, deps.baseUrl));
  const id = deps.newId('Composition');
  const composition: Resource = {
    resourceType: 'Composition',
    id,
    language: languageTags[language],
    text: inDiv(compositionText(summary, language), language),
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${id}` },
    status: 'final',
    type: { coding: [{ system: loinc, code: '60591-5', display: 'Patient summary Document' }] },
    subject: { reference: nameOf(patient) },
    date: at,
    author: [{ reference: nameOf(author) }],
    title: documentTitle[language],
    confidentiality: 'N',
    event: [
      {
        code: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActClass', code: 'PCPR' }] }],
        period: { end: at },
      },
    ],
    section: sections.map((section) => sectionOf(section, summary, language, stated)),
  };
  return bundleOf([composition, ...own, author, ...stated.map(({ resource }) => resource)], at, deps);
}

function bundleOf(resources: readonly Resource[], timestamp: string, { baseUrl, newId }: DocumentDeps): Resource {
  const id = newId('Bundle');
  return {
    resourceType: 'Bundle',
    id,
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${id}` },
    type: 'document',
    timestamp,
    entry: resources.map((resource) => ({ fullUrl: `${baseUrl}/${nameOf(resource)}`, resource })),
  };
}

/** Nobody signed it: the program made it of what is in the record. */
function authorOf({ node, version, newId }: DocumentDeps): Resource {
  return {
    resourceType: 'Device',
    id: newId('Device'),
    status: 'active',
    deviceName: [{ name: `Fyr ${node}`, type: 'user-friendly-name' }],
    version: [{ value: version }],
    type: { text: 'Fyr' },
  };
}

function compositionText({ patient, madeAt }: Summary, language: Language): string {
  const made = `${labels.made[language]}: ${writeDate(language, new Date(madeAt).toISOString())}`;
  return `<p>${escapeXml(documentTitle[language])}</p><p>${escapeXml(personName(patient))}</p><p>${escapeXml(made)}</p>`;
}

/** Given names and family name, as the record has them. */
export function personName(person: Resource): string {
  const names = (Array.isArray(person['name']) ? person['name'] : []) as { [part: string]: unknown }[];
  const [name] = names;
  if (name === undefined) return '–';
  const given = Array.isArray(name['given']) ? name['given'].map(String) : [];
  const full = [...given, String(name['family'] ?? '')].join(' ').trim();
  return full === '' ? String(name['text'] ?? '–') : full;
}

type Stated = { key: SectionKey; resource: Resource };

function sectionOf(
  section: ChosenSection,
  { resolve }: Summary,
  language: Language,
  stated: readonly Stated[],
): Section {
  const { key, entries, state } = section;
  const statement = stated.find((one) => one.key === key)?.resource;
  const referred = statement === undefined ? entries : [statement];
  return {
    title: sectionTitles[key][language],
    code: { coding: [{ system: loinc, ...sectionCodes[key] }] },
    text: narrativeOf(section, language, resolve),
    ...(referred.length > 0
      ? { entry: referred.map((one) => ({ reference: nameOf(one) })) }
      : { emptyReason: emptyReason(state) }),
  };
}

function emptyReason(state: ChosenSection['state']): object {
  const coding =
    state === 'none'
      ? { system: emptyReasons, code: 'nilknown', display: 'Nil Known' }
      : { system: emptyReasons, code: 'unavailable', display: 'Unavailable' };
  return { coding: [coding] };
}

const absentCodes: {
  readonly [key in SectionKey]?: { none: readonly [string, string]; unknown: readonly [string, string] };
} = {
  allergies: {
    none: ['no-known-allergies', 'No known allergies'],
    unknown: ['no-allergy-info', 'No information about allergies'],
  },
  medications: {
    none: ['no-known-medications', 'No known medications'],
    unknown: ['no-medication-info', 'No information about medications'],
  },
  problems: {
    none: ['no-known-problems', 'No known problems'],
    unknown: ['no-problem-info', 'No information about problems'],
  },
};

/** A required section without entries says by a code whether there is none, or whether nothing is known. */
function absentStatement(
  section: ChosenSection,
  patient: Resource,
  language: Language,
  { newId }: DocumentDeps,
): Stated | undefined {
  const { key, state, entries } = section;
  const codes = absentCodes[key];
  if (entries.length > 0 || state === 'known' || codes === undefined || !requiredSections.includes(key))
    return undefined;
  const [code, display] = codes[state];
  const concept = { coding: [{ system: absentOrUnknown, code, display }], text: emptyText(section, language) };
  return { key, resource: { ...absentResource(key, concept, { reference: nameOf(patient) }, newId) } };
}

function absentResource(key: SectionKey, code: object, patient: object, newId: DocumentDeps['newId']): Resource {
  if (key === 'allergies') {
    const resourceType = 'AllergyIntolerance';
    const clinicalStatus = activeIn('allergyintolerance-clinical');
    return { resourceType, id: newId(resourceType), clinicalStatus, code, patient };
  }
  if (key === 'problems') {
    const resourceType = 'Condition';
    return {
      resourceType,
      id: newId(resourceType),
      clinicalStatus: activeIn('condition-clinical'),
      code,
      subject: patient,
    };
  }
  const resourceType = 'MedicationStatement';
  const unknown = { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'not-applicable' };
  return {
    resourceType,
    id: newId(resourceType),
    status: 'unknown',
    medicationCodeableConcept: code,
    subject: patient,
    _effectiveDateTime: { extension: [unknown] },
  };
}

const activeIn = (system: string): object => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code: 'active' }],
});
