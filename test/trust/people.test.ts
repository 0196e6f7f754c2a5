/** Who gets what: every person of the sample against people's records, by every way of asking. The table is of docs/access-rules.md. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testNode, type TestNode } from '../support/node.ts';
import { askAs, patientOf, patients, truthOf, type Answered } from './asking.ts';

/**
 * `whole`: all of the record. `medicines`: what pharmacies may see. `young`: what the young see of their own. `told`: that the person is there, and why the
 * record is closed. `reason`: the same without the person. `nothing`: as if there were nobody.
 */
type Sees = 'whole' | 'medicines' | 'young' | 'told' | 'reason' | 'nothing';

const table: Readonly<Record<string, Partial<Record<Sees, readonly string[]>>>> = {
  hospitalDoctor: {
    whole: ['oldManWithEverything'],
    told: [
      'hisWife',
      'youngMother',
      'herPartner',
      'fourteenYearsOld',
      'protectedAddress',
      'withBlocks',
      'diedLastWeek',
    ],
    nothing: ['herUnborn'],
  },
  nurse: {
    whole: ['oldManWithEverything'],
    told: ['hisWife', 'youngMother', 'herBaby', 'motherOfTeenager', 'protectedChild', 'withBlocks', 'pregnant'],
  },
  generalPractitioner: {
    whole: ['oldManWithEverything', 'hisWife', 'youngMother', 'herToddler', 'pregnant'],
    told: [
      'herPartner',
      'fatherOfTeenager',
      'motherOfTeenager',
      'fourteenYearsOld',
      'protectedAddress',
      'diedLastWeek',
    ],
  },
  pharmacist: {
    medicines: ['oldManWithEverything', 'hisWife', 'fourteenYearsOld', 'withBlocks'],
    told: ['herPartner', 'herBaby', 'fatherOfTeenager'],
  },
  midwife: { whole: ['pregnant', 'herBaby'], told: ['oldManWithEverything', 'youngMother', 'herHusband'] },
  privacyOfficer: { nothing: ['oldManWithEverything', 'youngMother', 'fourteenYearsOld', 'protectedAddress'] },
  operator: { reason: ['oldManWithEverything', 'youngMother', 'fourteenYearsOld', 'protectedAddress'] },
  researcher: { reason: ['oldManWithEverything', 'youngMother', 'fourteenYearsOld', 'protectedAddress'] },
  oldManWithEverything: { whole: ['oldManWithEverything', 'hisWife'], nothing: ['youngMother', 'withBlocks'] },
  hisWife: { whole: ['hisWife'], nothing: ['oldManWithEverything', 'herBaby'] },
  youngMother: {
    whole: ['youngMother', 'herToddler', 'herBaby'],
    nothing: ['herPartner', 'hisWife', 'fourteenYearsOld'],
  },
  herPartner: { whole: ['herPartner', 'herToddler', 'herBaby'], nothing: ['youngMother', 'protectedChild'] },
  pregnant: { whole: ['pregnant'], nothing: ['herHusband', 'herUnborn', 'herBaby'] },
  fourteenYearsOld: { young: ['fourteenYearsOld'], nothing: ['motherOfTeenager', 'fatherOfTeenager'] },
  motherOfTeenager: { whole: ['motherOfTeenager', 'fourteenYearsOld'], nothing: ['fatherOfTeenager', 'herToddler'] },
  fatherOfTeenager: { whole: ['fatherOfTeenager'], reason: ['fourteenYearsOld'], nothing: ['motherOfTeenager'] },
  protectedAddress: { whole: ['protectedAddress', 'protectedChild'], nothing: ['herBaby', 'oldManWithEverything'] },
  withBlocks: { whole: ['withBlocks'], nothing: ['diedLastWeek', 'oldManWithEverything'] },
};

let at: TestNode;

beforeAll(async () => {
  at = await testNode('people');
}, 120_000);
afterAll(async () => at?.stop());

/** Ways to ask for what one has of a person; each gives a number, or a refusal. */
const ways = {
  read: (id: string) => `Patient/${id}`,
  find: (id: string) => `Patient?_id=${id}&_summary=count`,
  versions: (id: string) => `Patient/${id}/_history`,
  everything: (id: string) => `Patient/${id}/$everything?_count=1`,
  results: (id: string) => `Observation?patient=${id}&_summary=count`,
  compartment: (id: string) => `Patient/${id}/Condition?_total=accurate&_count=1`,
  medicines: (id: string) => `MedicationRequest?patient=${id}&_summary=count`,
  appointments: (id: string) => `Appointment?patient=${id}&_summary=count`,
  having: (id: string) => `Patient?_id=${id}&_has:Condition:patient:_lastUpdated=gt2000&_summary=count`,
  chained: (id: string) => `Condition?patient._id=${id}&_summary=count`,
} as const;
type Way = keyof typeof ways;

/** Histories tell a total only where all of them may be seen. */
const number = ({ status, body }: Answered): number | string => {
  if (status !== 200) return `${status}`;
  return body.type === 'history' ? 'there' : (body.total ?? 'there');
};

type Row = Record<Way, number | string>;
const rowOf = (answers: readonly Answered[], from: number): Row =>
  Object.fromEntries(Object.keys(ways).map((way, i) => [way, number(answers[from + i] as Answered)])) as Row;

/** What is answered, given all that there is. */
function expected(sees: Sees, truth: Row): Row {
  const none = { read: '404', find: 0, versions: '404', having: 0, chained: 0 } as const;
  const closed = (status: string) => ({
    everything: status,
    results: status,
    compartment: status,
    medicines: status,
    // Among several who meet, a search names none.
    appointments: 0,
  });
  const person = { read: truth.read, find: truth.find, versions: truth.versions };
  switch (sees) {
    case 'whole':
      return truth;
    case 'medicines':
      return { ...truth, results: 0, compartment: 0, appointments: 0, having: 0, chained: 0 };
    case 'young':
      return { ...truth, results: 0, compartment: 0, medicines: 0, having: 0, chained: 0 };
    case 'told':
      return { ...person, ...closed('403'), having: 0, chained: '403' };
    case 'reason':
      return { ...none, ...closed('403') };
    case 'nothing':
      return { ...none, everything: '404', results: 0, compartment: 0, medicines: 0, appointments: 0 };
  }
}

describe.each(Object.entries(table))('%s', (as, rows) => {
  test('gets of each record what the rules say, and no number of what is closed', async () => {
    const pairs = Object.entries(rows).flatMap(([sees, keys]) => keys.map((key) => [key, sees as Sees] as const));
    const urls = pairs.flatMap(([key]) => Object.values(ways).map((way) => way(patientOf(key))));
    const [given, true_] = [await askAs(at, as, urls), await truthOf(at, urls)];
    const width = Object.keys(ways).length;
    const found = pairs.map(([key, sees], i) => ({ key, sees, ...rowOf(given, i * width) }));
    const wanted = pairs.map(([key, sees], i) => ({ key, sees, ...expected(sees, rowOf(true_, i * width)) }));
    expect(found).toEqual(wanted);
  });
});

const citizens = ['oldManWithEverything', 'youngMother', 'motherOfTeenager', 'fatherOfTeenager', 'protectedAddress'];
test.each(citizens)('%s counts in all what is in the records that are open, and nothing else', async (as) => {
  const own = table[as]?.whole?.map(patientOf) ?? [];
  const types = ['Observation', 'Condition', 'Encounter', 'DocumentReference'];
  const given = await askAs(
    at,
    as,
    types.map((type) => `${type}?_summary=count`),
  );
  const all = await truthOf(
    at,
    types.map((type) => `${type}?patient=${own.join(',')}&_summary=count`),
  );
  expect(given.map(number)).toEqual(all.map(number));
});

test('operators and researchers find no patient at all, and nothing of one, by no type that lies in records', async () => {
  const types = [
    'Patient',
    'Observation',
    'Encounter',
    'DocumentReference',
    'RelatedPerson',
    'Consent',
    'Basic',
    'List',
  ];
  for (const as of ['operator', 'researcher', 'privacyOfficer']) {
    const answers = await askAs(at, as, [
      ...types.flatMap((type) => [`${type}?_summary=count`, `${type}?_count=5`, `${type}/_history?_count=5`]),
      '_history?_count=5&_type=Patient,Observation',
    ]);
    expect(answers.map(({ body }) => body.total ?? 0).every((total) => total === 0)).toBe(true);
    expect(answers.flatMap(({ body }) => body.entry ?? [])).toEqual([]);
  }
});

test('the personas and their households are all in the table or told of in it', () => {
  const named = new Set(Object.values(table).flatMap((rows) => Object.values(rows).flat()));
  expect(Object.keys(patients).filter((key) => !named.has(key))).toEqual([]);
});
