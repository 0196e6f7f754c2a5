/** What of a resource is searched: its title, its text, its codes, when, by whom and where. Pure. */
import type { Resource } from '#fhir/types.ts';

export type SearchText = {
  kind: Kind;
  title: string;
  content: string;
  /** Milliseconds since 1970. */
  at: number | undefined;
  author: string | undefined;
  site: string | undefined;
  codes: readonly { system: string; code: string }[];
};

export const kinds = [
  'document',
  'report',
  'result',
  'diagnosis',
  'procedure',
  'medicine',
  'allergy',
  'plan',
  'other',
] as const;
export type Kind = (typeof kinds)[number];

const kindOfType: Readonly<Record<string, Kind>> = {
  DocumentReference: 'document',
  Composition: 'document',
  QuestionnaireResponse: 'document',
  DiagnosticReport: 'report',
  ImagingStudy: 'report',
  Observation: 'result',
  Condition: 'diagnosis',
  FamilyMemberHistory: 'diagnosis',
  ClinicalImpression: 'diagnosis',
  Procedure: 'procedure',
  MedicationRequest: 'medicine',
  MedicationStatement: 'medicine',
  Immunization: 'medicine',
  AllergyIntolerance: 'allergy',
  Flag: 'allergy',
  CarePlan: 'plan',
  ServiceRequest: 'plan',
  Encounter: 'other',
  DeviceUseStatement: 'other',
};

export const searchedTypes: readonly string[] = Object.keys(kindOfType);

type Json = { [key: string]: unknown };

const systems: readonly (readonly [RegExp, string])[] = [
  [/7110$|icd-10/i, 'icd10'],
  [/7170$|icpc-2/i, 'icpc2'],
  [/7180$|whocc\.no\/atc/i, 'atc'],
];

/** Texts past this are cut: no note is so long. */
const contentMax = 400_000;

/** Undefined for what is not searched: measurements of vital signs, and what was entered in error. @param body the text of a document that lies elsewhere */
export function searchTextOf(resource: Resource, body?: string): SearchText | undefined {
  const json = resource as unknown as Json;
  const kind = kindOfType[resource.resourceType];
  if (kind === undefined || isVitalSign(json) || json['status'] === 'entered-in-error') return undefined;
  const codings = collectCodings(json);
  const title = titleOf(json);
  const lines = [title, ...wordsBeside(json, title), ...(body === undefined ? textsIn(json) : [body])];
  return {
    kind,
    title,
    content: [...new Set(lines.map((line) => line.trim()).filter(Boolean))].join('\n').slice(0, contentMax),
    at: whenOf(json),
    author: displayOf(json, ['author', 'performer', 'recorder', 'asserter', 'requester', 'resultsInterpreter']),
    site: displayOf(json, ['custodian', 'managingOrganization', 'serviceProvider', 'performer']),
    codes: codings.flatMap(({ system, code }) => {
      const known = systems.find(([pattern]) => pattern.test(system));
      return known === undefined ? [] : [{ system: known[1], code }];
    }),
  };
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Json[] => (Array.isArray(value) ? value : [value]).filter(isJson);
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function isVitalSign(json: Json): boolean {
  return list(json['category']).some((category) => list(category['coding']).some(({ code }) => code === 'vital-signs'));
}

function wordsOfConcept(concept: Json | undefined): string | undefined {
  if (concept === undefined) return undefined;
  return (
    text(concept['text']) ??
    list(concept['coding'])
      .map(({ display }) => text(display))
      .find(Boolean)
  );
}

function titleOf(json: Json): string {
  const named = [json['title'], json['description']].map(text).find(Boolean);
  const concept = ['code', 'type', 'vaccineCode', 'medicationCodeableConcept', 'reasonCode']
    .flatMap((key) => list(json[key]))
    .map(wordsOfConcept)
    .find(Boolean);
  const medicine = list(json['medicationReference'])
    .map(({ display }) => text(display))
    .find(Boolean);
  return named ?? concept ?? medicine ?? String(json['resourceType']);
}

/** Codes' displays and what is said beside, a line each. */
function wordsBeside(json: Json, title: string): string[] {
  const found = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, key);
    else if (isJson(value)) {
      if (unsearched.has(key)) return;
      const words = 'coding' in value ? wordsOfConcept(value) : undefined;
      if (words !== undefined && words !== title) found.add(words);
      for (const [name, inner] of Object.entries(value)) visit(inner, name);
    }
  };
  for (const [key, value] of Object.entries(json)) visit(value, key);
  const quantity = list(json['valueQuantity'])[0];
  if (quantity !== undefined)
    found.add([title, quantity['value'], quantity['unit']].filter((one) => one !== undefined).join(' '));
  return [...found];
}

const unsearched = new Set([
  'meta',
  'identifier',
  'extension',
  'category',
  'contained',
  'clinicalStatus',
  'verificationStatus',
]);
const said = new Set(['conclusion', 'valueString', 'patientInstruction', 'comment', 'summary', 'div', 'answer']);

/** Running text: notes, conclusions, sections, texts that are sent along. */
function textsIn(json: Json): string[] {
  const found: string[] = [];
  const visit = (value: unknown, key: string, within: string): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, key, within);
    else if (isJson(value)) {
      if (key === 'meta' || key === 'identifier') return;
      const sent = attachmentText(value);
      if (sent !== undefined) found.push(sent);
      for (const [name, inner] of Object.entries(value)) visit(inner, name, key);
    } else if (
      typeof value === 'string' &&
      (said.has(key) || (key === 'text' && (within === 'note' || within === 'dosageInstruction')))
    )
      found.push(key === 'div' ? plainText(value) : value);
  };
  visit(json, '', '');
  return found;
}

function attachmentText(value: Json): string | undefined {
  const [type, data] = [text(value['contentType']), text(value['data'])];
  if (type === undefined || data === undefined) return undefined;
  return textOfBytes(type, data);
}

/** The text of what is sent along as base64; undefined for what is none. */
export function textOfBytes(type: string, data: string): string | undefined {
  if (!/^text\/(plain|html)/.test(type)) return undefined;
  const decoded = Buffer.from(data, 'base64').toString('utf8');
  return type.startsWith('text/html') ? plainText(decoded) : decoded;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function plainText(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<\/(p|div|li|tr|h\d)>|<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/[ \t]+/g, ' ')
    .replace(/\n\s*\n+/g, '\n');
}

const times = [
  'date',
  'effectiveDateTime',
  'issued',
  'authored',
  'authoredOn',
  'onsetDateTime',
  'performedDateTime',
  'occurrenceDateTime',
  'started',
  'recordedDate',
  'dateAsserted',
  'created',
];
const periods = ['effectivePeriod', 'performedPeriod', 'period', 'onsetPeriod'];

function whenOf(json: Json): number | undefined {
  const starts = periods.flatMap((key) => list(json[key])).map(({ start }) => start);
  for (const said of [...times.map((key) => json[key]), ...starts]) {
    const at = typeof said === 'string' ? Date.parse(said) : Number.NaN;
    if (!Number.isNaN(at)) return at;
  }
  return undefined;
}

function displayOf(json: Json, keys: readonly string[]): string | undefined {
  for (const key of keys)
    for (const one of list(json[key])) {
      const shown =
        text(one['display']) ??
        list(one['actor'])
          .map(({ display }) => text(display))
          .find(Boolean);
      if (shown !== undefined) return shown;
    }
  return undefined;
}

function collectCodings(json: Json): { system: string; code: string }[] {
  const found: { system: string; code: string }[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (isJson(value)) {
      const [system, code] = [text(value['system']), text(value['code'])];
      if (system !== undefined && code !== undefined) found.push({ system, code });
      for (const [name, inner] of Object.entries(value)) if (name !== 'meta') visit(inner);
    }
  };
  visit(json);
  return found;
}
