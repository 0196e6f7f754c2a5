/** The small world of the table of cases: one hospital, a GP practice, a pharmacy, home care, and the people who work and live there. */
import type { Resource } from '#fhir/types.ts';
import { syntheticNationalNumber, syntheticOrganisationNumber } from '#shared/identifiers.ts';
import type { Citizen, Duty, Personnel, System } from '../../subject.ts';
import { systems } from '../codes.ts';

/** Monday 23 November 2026, noon in Norway. */
export const now = Date.parse('2026-11-23T12:00:00+01:00');
const dayMs = 86_400_000;

/** A moment so many days from now, as a dateTime. */
export const at = (days: number): string => new Date(now + days * dayMs).toISOString();
/** The day so many days from now. */
export const on = (days: number): string => at(days).slice(0, 10);

export const ref = (reference: string): { reference: string } => ({ reference });
export const coded = (system: string, code: string): { coding: { system: string; code: string }[] } => ({
  coding: [{ system, code }],
});

const organisation = (id: string, partOf?: string, number?: number): Resource => ({
  resourceType: 'Organization',
  id,
  name: id,
  ...(number === undefined
    ? {}
    : {
        identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.101', value: syntheticOrganisationNumber(number) }],
      }),
  ...(partOf ? { partOf: ref(`Organization/${partOf}`) } : {}),
});

const practitioner = (id: string, category: string | undefined, more: object = {}): Resource => ({
  resourceType: 'Practitioner',
  id,
  ...(category === undefined
    ? {}
    : {
        qualification: [
          { code: coded(systems.category, category) },
          { code: coded(systems.approval, '1'), period: { start: '2010-01-01' } },
        ],
      }),
  ...more,
});

const role = (id: string, person: string, unit: string, more: object = {}): Resource => ({
  resourceType: 'PractitionerRole',
  id,
  active: true,
  practitioner: ref(`Practitioner/${person}`),
  organization: ref(`Organization/${unit}`),
  ...more,
});

/** Who works where. `Practitioner/berg` has `PractitionerRole/berg-role`. */
const workplaces = {
  berg: ['LE', 'medicine'],
  lind: ['SP', 'ward-a'],
  dahl: ['LE', 'surgery'],
  ness: ['SP', 'emergency'],
  holm: ['LE', 'psychiatry'],
  haug: ['LE', 'hospital'],
  moen: ['LE', 'practice'],
  aas: ['LE', 'practice'],
  brekke: ['SP', 'home-care'],
  furu: ['FA1', 'pharmacy'],
  elv: ['JO', 'maternity'],
  vet: ['VE', 'medicine'],
  office: [undefined, 'region'],
} as const;

export type Worker = keyof typeof workplaces;

const qualified = (period: object, approval = '1', extension?: object[]): object => ({
  qualification: [
    { code: coded(systems.category, 'LE') },
    { code: coded(systems.approval, approval), period, ...(extension ? { extension } : {}) },
  ],
});

/** The directories: organisations, places, personnel. */
export const directory: readonly Resource[] = [
  organisation('region', undefined, 0),
  organisation('trust', 'region', 1),
  organisation('hospital', 'trust', 2),
  ...['medicine', 'surgery', 'emergency', 'psychiatry', 'maternity'].map((id) => organisation(id, 'hospital')),
  organisation('ward-a', 'medicine'),
  organisation('municipality', undefined, 3),
  organisation('home-care', 'municipality', 4),
  organisation('practice', undefined, 5),
  organisation('pharmacy', undefined, 6),
  { resourceType: 'Location', id: 'emergency-bed', managingOrganization: ref('Organization/emergency') },
  { resourceType: 'Location', id: 'medicine-bed', partOf: ref('Location/medicine-ward') },
  { resourceType: 'Location', id: 'medicine-ward', managingOrganization: ref('Organization/medicine') },
  ...Object.entries(workplaces).flatMap(([id, [category, unit]]) => [
    practitioner(id, category),
    role(`${id}-role`, id, unit),
  ]),
  practitioner('lapsed', undefined, qualified({ start: '2001-01-01', end: on(-1) })),
  role('lapsed-role', 'lapsed', 'medicine'),
  practitioner('coming', undefined, qualified({ start: on(1) })),
  role('coming-role', 'coming', 'medicine'),
  practitioner(
    'withdrawn',
    undefined,
    qualified({ start: '2001-01-01' }, '1', [
      { url: 'urn:fyr:extension:qualification-withdrawal', extension: [{ url: 'date', valueDate: on(-10) }] },
    ]),
  ),
  role('withdrawn-role', 'withdrawn', 'medicine'),
  practitioner('never', undefined, qualified({ start: '2001-01-01' }, '99')),
  role('never-role', 'never', 'medicine'),
  practitioner('student', undefined, qualified({ start: on(-30), end: on(30) }, '3')),
  role('student-role', 'student', 'medicine'),
  practitioner('gone', 'LE'),
  role('gone-role', 'gone', 'medicine', { period: { start: '2015-01-01', end: on(-2) } }),
  practitioner('closed', 'LE'),
  role('closed-role', 'closed', 'medicine', { active: false }),
  practitioner('two', 'LE'),
  role('two-role', 'two', 'medicine'),
  role('two-other-role', 'two', 'practice'),
];

const signed = {
  issuer: 'http://fyr.test/oidc',
  client: 'fyr-pages',
  scopes: undefined,
  signedInAt: now - 600_000,
  isOffline: false,
};

const placed: Readonly<Record<string, readonly [legalEntity: string, pointOfCare: string, department?: string]>> = {
  medicine: ['trust', 'hospital', 'medicine'],
  'ward-a': ['trust', 'hospital', 'ward-a'],
  surgery: ['trust', 'hospital', 'surgery'],
  emergency: ['trust', 'hospital', 'emergency'],
  psychiatry: ['trust', 'hospital', 'psychiatry'],
  maternity: ['trust', 'hospital', 'maternity'],
  hospital: ['trust', 'hospital'],
  practice: ['practice', 'practice'],
  'home-care': ['municipality', 'home-care'],
  pharmacy: ['pharmacy', 'pharmacy'],
  region: ['region', 'region'],
};

type PersonnelOptions = {
  duty?: Duty;
  unit?: string;
  role?: string;
  scopes?: string[];
  securityLevel?: number;
  launchPatient?: string;
};

/** One of the personnel, signed in. */
export function personnel(id: string, options: PersonnelOptions = {}): Personnel {
  const unit = options.unit ?? workplaces[id as Worker]?.[1] ?? 'medicine';
  const [legalEntity, pointOfCare, department] = placed[unit] ?? [unit, unit];
  return {
    ...signed,
    kind: 'personnel',
    subject: id,
    practitioner: id,
    name: id,
    personNumber: '01814249976',
    duty: options.duty ?? (workplaces[id as Worker]?.[0] === 'FA1' ? 'pharmacy' : 'care'),
    role: {
      legalEntity,
      pointOfCare,
      ...(department ? { department } : {}),
      legalEntityNumber: '310000001',
      pointOfCareNumber: '310000002',
      practitionerRole: options.role ?? `${id}-role`,
    },
    securityLevel: options.securityLevel ?? 4,
    ...(options.scopes ? { scopes: options.scopes } : {}),
    ...(options.launchPatient ? { launchPatient: options.launchPatient } : {}),
  };
}

type CitizenOptions = { scopes?: string[]; securityLevel?: number };

/** A synthetic national number that is always the same for an id. */
export function numberOf(id: string): string {
  let hash = 7;
  for (const letter of id) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_003;
  const birthDate = new Date(Date.UTC(1960, 0, 1) + (hash % 12_000) * dayMs).toISOString().slice(0, 10);
  return syntheticNationalNumber({ birthDate, sex: 'female', sequence: Math.floor(hash / 12_000) });
}

/** A citizen by the id of the Patient; the national number is invented from it. */
export function citizen(id: string, { scopes, securityLevel = 4 }: CitizenOptions = {}): Citizen {
  return {
    ...signed,
    kind: 'citizen',
    subject: id,
    patient: id,
    name: id,
    personNumber: numberOf(id),
    securityLevel,
    ...(scopes ? { scopes } : {}),
  };
}

/** A program; without a unit the region's own. */
export function system(scopes: string[], unit?: string): System {
  const [legalEntity, pointOfCare, department] = (unit === undefined ? undefined : placed[unit]) ?? [];
  return {
    ...signed,
    kind: 'system',
    subject: 'epr',
    client: 'epr',
    name: 'EPR',
    scopes,
    ...(legalEntity === undefined || pointOfCare === undefined
      ? {}
      : {
          role: {
            legalEntity,
            pointOfCare,
            ...(department ? { department } : {}),
            legalEntityNumber: '310000001',
            pointOfCareNumber: '310000002',
          },
        }),
  };
}
