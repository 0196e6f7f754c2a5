/** Allergies, and critical information in the categories of kjernejournal, with limits of treatment and isolation. */
import type { AllergyIntolerance, Flag } from 'fhir/r4';
import { isIsolation, isLimit } from '#shared/limits.ts';
import { codeOf } from '../record/words.ts';
import { conceptOf, hl7, nationalOf, valueOfConcept, volven, withNational } from './coded.ts';
import type { Field, FormKind, Values } from './form-kind.ts';

/** Numbers of 7521, 7520 and 7498. */
const certainty: Field = { name: 'certainty', kind: 'choice', options: ['1', '2', '3'], isRequired: true };
const severity: Field = { name: 'severity', kind: 'choice', options: ['1', '2'], isRequired: true };
const source: Field = {
  name: 'source',
  kind: 'select',
  options: ['1', '2', '3', '4', '5', '6', '7'],
  isRequired: true,
};
const state: Field = {
  name: 'state',
  kind: 'choice',
  options: ['active', 'over', 'refuted', 'mistake'],
  isRequired: true,
};

const categories = ['medication', 'food', 'environment', 'biologic'] as const;

export const allergy: FormKind = {
  name: 'allergy',
  fields: [
    { name: 'allergen', kind: 'words', max: 200, isRequired: true },
    { name: 'category', kind: 'choice', options: categories, isRequired: true },
    { name: 'reaction', kind: 'words', max: 200 },
    certainty,
    severity,
    source,
    { name: 'since', kind: 'day' },
    { name: 'remark', kind: 'text', max: 2000, lines: 2 },
    state,
  ],
  empty: () => ({ state: 'active' }),
  resources: (values, context) => [
    writeAllergy(
      { resourceType: 'AllergyIntolerance', patient: context.subject, recordedDate: context.now },
      values,
      context.author,
    ),
  ],
  change: {
    type: 'AllergyIntolerance',
    read: (resource) => readAllergy(resource as AllergyIntolerance),
    write: (resource, values, { author }) => writeAllergy(resource as AllergyIntolerance, values, author),
  },
  seenOn: '.',
};

function readAllergy(allergy: AllergyIntolerance): Values {
  const { code, category, reaction, onsetDateTime, note, clinicalStatus, verificationStatus, criticality } = allergy;
  const national = nationalOf(allergy);
  const verified = codeOf(verificationStatus);
  return {
    allergen: valueOfConcept(code).split('\u001f', 1)[0] ?? '',
    category: category?.[0] ?? '',
    reaction: reaction?.[0]?.manifestation[0]?.text ?? reaction?.[0]?.manifestation[0]?.coding?.[0]?.display ?? '',
    certainty: national.certainty || (verified === 'confirmed' ? '3' : verified === 'unconfirmed' ? '1' : ''),
    severity: national.severity || (criticality === 'high' ? '1' : criticality === 'low' ? '2' : ''),
    source: national.source,
    since: (onsetDateTime ?? '').slice(0, 10),
    remark: note?.[0]?.text ?? '',
    state: stateOf(codeOf(clinicalStatus), verified),
  };
}

function stateOf(clinical: string | undefined, verified: string | undefined): string {
  if (verified === 'entered-in-error') return 'mistake';
  if (verified === 'refuted') return 'refuted';
  return clinical === 'inactive' || clinical === 'resolved' ? 'over' : 'active';
}

function writeAllergy(
  before: AllergyIntolerance,
  values: Values,
  recorder: AllergyIntolerance['recorder'],
): AllergyIntolerance {
  const { allergen = '', category, reaction = '', since = '', remark = '', state: now } = values;
  const isSerious = values['severity'] === '1';
  const verified = { mistake: 'entered-in-error', refuted: 'refuted' }[now ?? ''];
  const { clinicalStatus: _, onsetDateTime: __, note: ___, reaction: old, ...rest } = before;
  const wasNamed = before.code !== undefined && valueOfConcept(before.code).startsWith(allergen);
  return {
    ...rest,
    extension: withNational(before, values),
    // What was entered by mistake has no clinical status (ait-2).
    ...(now === 'mistake'
      ? {}
      : { clinicalStatus: hl7('allergyintolerance-clinical', now === 'active' ? 'active' : 'inactive') }),
    verificationStatus: hl7(
      'allergyintolerance-verification',
      verified ?? (values['certainty'] === '3' ? 'confirmed' : 'unconfirmed'),
    ),
    category: [category as (typeof categories)[number]],
    criticality: isSerious ? 'high' : 'low',
    code: wasNamed && before.code ? before.code : conceptOf(allergen),
    ...(reaction === ''
      ? {}
      : { reaction: [{ ...old?.[0], manifestation: [conceptOf(reaction)], severity: isSerious ? 'severe' : 'mild' }] }),
    ...(since === '' ? {} : { onsetDateTime: since }),
    ...(remark === '' ? {} : { note: [{ text: remark }] }),
    ...(recorder === undefined ? {} : { recorder }),
  };
}

/** In the order of kjernejournal; allergies have a form of their own. Each with the national lists that say it. */
const lists: Readonly<Record<string, readonly string[]>> = {
  anaesthesia: ['7515', '7516'],
  condition: ['7513'],
  treatment: ['7517', '7518'],
  infection: ['7519'],
  routines: ['7522'],
  limit: [],
  isolation: [],
};

/** Says the category where no national code does. */
const ownCategories = 'urn:fyr:code-system:summary-record';

export const critical: FormKind = {
  name: 'critical',
  fields: [
    { name: 'kind', kind: 'select', options: Object.keys(lists), isRequired: true },
    { name: 'critical', kind: 'code', systems: ({ kind = '' }) => (lists[kind] ?? []).map(volven), isRequired: true },
    certainty,
    { ...severity, isAsked: ({ kind }) => kind !== 'limit' && kind !== 'isolation' },
    source,
    { name: 'since', kind: 'day', isRequired: true },
    { ...state, kind: 'choice', options: ['active', 'over', 'mistake'] },
  ],
  empty: (now) => ({ state: 'active', since: new Date(now).toISOString().slice(0, 10) }),
  resources: (values, { subject, author, now }) => [
    writeFlag({ resourceType: 'Flag', status: 'active', code: {}, subject }, values, author, now),
  ],
  change: {
    type: 'Flag',
    read: (resource) => readFlag(resource as Flag),
    write: (resource, values, { author, now }) => writeFlag(resource as Flag, values, author, now),
  },
  seenOn: '.',
};

function kindOf(flag: Flag): string {
  const stated = flag.category?.map((one) => codeOf(one, ownCategories)).find((one) => one !== undefined);
  if (stated !== undefined) return stated;
  if (isLimit(flag)) return 'limit';
  if (isIsolation(flag)) return 'isolation';
  const systems = (flag.code.coding ?? []).map(({ system }) => system);
  const listed = Object.keys(lists).find((kind) => (lists[kind] ?? []).some((list) => systems.includes(volven(list))));
  return listed ?? 'condition';
}

function readFlag(flag: Flag): Values {
  const { status, code, period } = flag;
  return {
    kind: kindOf(flag),
    critical: valueOfConcept(code),
    ...nationalOf(flag),
    since: (period?.start ?? '').slice(0, 10),
    state: status === 'active' ? 'active' : status === 'inactive' ? 'over' : 'mistake',
  };
}

function writeFlag(before: Flag, values: Values, author: Flag['author'], now: string): Flag {
  const { kind = '', since = '', state: stands } = values;
  const wasOn = (before.period?.start ?? '').slice(0, 10) === since ? before.period?.start : undefined;
  return {
    ...before,
    extension: withNational(before, values),
    status: stands === 'active' ? 'active' : stands === 'over' ? 'inactive' : 'entered-in-error',
    category: [
      {
        ...hl7('flag-category', kind === 'limit' ? 'advance-directive' : kind === 'isolation' ? 'safety' : 'clinical'),
      },
      { coding: [{ system: ownCategories, code: kind }] },
    ],
    code: conceptOf(values['critical']),
    period: {
      ...((wasOn ?? since) === '' ? {} : { start: wasOn ?? since }),
      ...(stands === 'active' ? {} : { end: before.period?.end ?? now }),
    },
    ...(author === undefined ? {} : { author }),
  };
}
