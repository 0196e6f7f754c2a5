/** How a real node understands content: FHIR, with the places of care that belong to nodes handed in. */
import { createHash } from 'node:crypto';
import { parseJson, writeJson } from '#fhir/json/index.ts';
import { claimOf, claimTypes, settledClaim } from './claims.ts';
import { mergedElements, type Elements } from '../protocol/merge.ts';
import { countOf, type Version } from '../protocol/version.ts';
import type { Meaning, Vocabulary } from '../protocol/vocabulary.ts';

export type FhirVocabularyOptions = {
  /** The node at which a place of care lies: by `Organization/id` or `Location/id`. */
  nodeOfPlace(reference: string): string | undefined;
  /** The region's node, which decides what has no other home; absent: nobody else does. */
  region?: () => string | undefined;
};

type Json = { readonly [element: string]: unknown };

const summaryTypes: ReadonlySet<string> = new Set([
  'Patient',
  'AllergyIntolerance',
  'MedicationStatement',
  'MedicationRequest',
  'Immunization',
  'Flag',
  'RelatedPerson',
]);
/**
 * Who may see what follows from these, besides the relationships, which are care itself: the patient's choices, what was attested or revoked, who acts for
 * whom, confidential addresses, who works where and in which team. The migration that marks what a feed had before (`0010-rights-first.sql`) names them too.
 */
const accessInputTypes: ReadonlySet<string> = new Set([
  'Consent',
  'Basic',
  'RelatedPerson',
  'Flag',
  'Practitioner',
  'PractitionerRole',
  'CareTeam',
]);

/** When a resource of each type keeps its patient where it says, and which elements say where. */
const reasonTypes: Readonly<Record<string, { active: readonly string[]; places: (resource: Json) => unknown[] }>> = {
  Encounter: {
    active: ['planned', 'arrived', 'triaged', 'in-progress', 'onleave'],
    places: (e) => [e['serviceProvider'], ...list(e['location']).map((l) => (l as Json)['location'])],
  },
  EpisodeOfCare: { active: ['planned', 'waitlist', 'active', 'onhold'], places: (e) => [e['managingOrganization']] },
  Appointment: {
    active: ['proposed', 'pending', 'booked', 'arrived', 'checked-in', 'waitlist'],
    places: (a) => list(a['participant']).map((p) => (p as Json)['actor']),
  },
  ServiceRequest: {
    active: ['active', 'on-hold'],
    places: (s) => [...list(s['performer']), ...list(s['locationReference'])],
  },
  CareTeam: { active: ['proposed', 'active'], places: (c) => list(c['managingOrganization']) },
};

export const custodyCode = 'encounter-custody';
export const taskCode = 'reconcile-versions';
export const codeSystem = 'https://fyr.no/fhir/CodeSystem/continuity';

export function createFhirVocabulary(options: FhirVocabularyOptions): Vocabulary {
  return {
    hash: (text) => createHash('sha256').update(text).digest('hex').slice(0, 32),
    meaning: (version) => meaningOf(version, options),
    refusal: refusalOf,
    merged: mergedContent,
    named: (content, version) => writeJson(named(objectOf(content), version)),
    settled: (request, isGranted) => writeJson(settledClaim(objectOf(request.content as string), isGranted)),
    reconciliationTask: (beside) => writeJson(taskAbout(beside)),
    doubleAlert: (key, patient) => writeJson(alertAbout(key, patient)),
    isSummary: (type) => summaryTypes.has(type),
    isAccessInput: (type) => accessInputTypes.has(type),
  };
}

function objectOf(content: string): Json {
  return parseJson(content) as Json;
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function meaningOf(
  { type, content }: Pick<Version, 'type' | 'content'>,
  { nodeOfPlace, region }: FhirVocabularyOptions,
): Meaning {
  const rule = reasonTypes[type];
  if (typeof content !== 'string') return {};
  if (!rule && type !== 'Basic' && type !== 'Task' && !claimTypes.includes(type)) return {};
  const resource = objectOf(content);
  if (type === 'Task') return reconciliationOf(resource);
  if (type === 'Basic') return custodyOf(resource);
  const active = rule?.active.includes(resource['status'] as string) === true;
  const nodes = new Set(rule?.places(resource).flatMap((place) => nodeOfPlace(referenceOf(place)) ?? []));
  const claim = claimOf(type, resource, { nodeOfPlace, region: region ?? (() => undefined) });
  return {
    ...(nodes.size === 0 ? {} : { reasons: [...nodes].map((node) => ({ node, active })) }),
    ...(claim ? { claim } : {}),
  };
}

function referenceOf(value: unknown): string {
  const reference = (value as Json | undefined)?.['reference'];
  return typeof reference === 'string' ? reference : '';
}

function hasCode(resource: Json, code: string): boolean {
  return list((resource['code'] as Json | undefined)?.['coding']).some((coding) => (coding as Json)['code'] === code);
}

function reconciliationOf(task: Json): Meaning {
  if (!hasCode(task, taskCode)) return {};
  return { reconciliation: { isDone: task['status'] === 'completed' || task['status'] === 'cancelled' } };
}

/** Custody is a `Basic` about the encounter; the node that holds it stands in an extension. */
function custodyOf(basic: Json): Meaning {
  if (!hasCode(basic, custodyCode)) return {};
  const told = (name: string): unknown =>
    (list(basic['extension']).find((e) => (e as Json)['url'] === `${codeSystem}/${name}`) as Json | undefined)?.[
      'valueString'
    ];
  const encounter = told('encounter');
  const holder = told('holder');
  if (typeof encounter !== 'string' || typeof holder !== 'string') return {};
  return { custody: { encounter, holder, isSeized: told('seized') !== undefined } };
}

/** Whether this node can hold the bytes at all. That they are valid FHIR, the node that acknowledged them has seen to. */
function refusalOf({ resource, content }: Version): string | undefined {
  if (typeof content !== 'string') return undefined;
  try {
    const { resourceType, id } = objectOf(content);
    return `${String(resourceType)}/${String(id)}` === resource ? undefined : 'the content is of another resource';
  } catch (error) {
    return `the content can not be read: ${(error as Error).message.slice(0, 200)}`;
  }
}

function mergedContent(type: string, base: Version | undefined, one: Version, other: Version): string | undefined {
  if (typeof one.content !== 'string' || typeof other.content !== 'string') return undefined;
  const [left, right] = [objectOf(one.content), objectOf(other.content)];
  const before: Elements | undefined = typeof base?.content === 'string' ? objectOf(base.content) : undefined;
  if (type === 'Task' && hasCode(left, taskCode))
    return writeJson(reconciliationOf(left).reconciliation?.isDone ? left : right);
  const merged = mergedElements(type, before, left, right);
  return merged && writeJson(merged);
}

function named(resource: Json, { resource: key, id, at }: { resource: string; id: string; at: number }): Json {
  const { resourceType, id: _id, meta, ...elements } = resource;
  const lastUpdated = new Date(Math.floor(at)).toISOString();
  const resourceId = key.slice(key.indexOf('/') + 1);
  return {
    resourceType,
    id: resourceId,
    meta: { ...(meta as Json | undefined), versionId: id, lastUpdated },
    ...elements,
  };
}

const decideWithinMs = 24 * 3_600_000;

/** Who decides: whoever is responsible at the node where the later version was written. By when: a day after it was. */
function taskAbout({ resource, id, at, patient }: Version): Json {
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    priority: 'urgent',
    code: { coding: [{ system: codeSystem, code: taskCode }] },
    focus: { reference: `${resource}/_history/${id}` },
    ...(patient === undefined ? {} : { for: { reference: `Patient/${patient}` } }),
    owner: { identifier: { system: `${codeSystem}/node`, value: id.slice(`${countOf(id)}-`.length) } },
    restriction: { period: { end: new Date(Math.floor(at) + decideWithinMs).toISOString() } },
  };
}

function alertAbout(key: string, patient: string | undefined): Json {
  return {
    resourceType: 'DetectedIssue',
    status: 'preliminary',
    severity: 'high',
    identifier: [{ system: `${codeSystem}/done-twice`, value: key }],
    code: { text: 'Possibly done twice' },
    ...(patient === undefined ? {} : { patient: { reference: `Patient/${patient}` } }),
  };
}
