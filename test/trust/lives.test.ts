/** What becomes of access as people live, grow up and die, and of files that say whose they are, over a whole node. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identifierSystems } from '#shared/identifiers.ts';
import { testNode, type NodeAnswer, type TestNode } from '../support/node.ts';
import { patientOf, resourcesIn, truthOf } from './asking.ts';

let at: TestNode;
const child = patientOf('fourteenYearsOld');
const mother = patientOf('youngMother');
const oldMan = patientOf('oldManWithEverything');

beforeAll(async () => {
  at = await testNode('lives');
}, 120_000);
afterAll(async () => at?.stop());

const one = async (path: string): Promise<any> => (await truthOf(at, [path]))[0]?.body;
const reasonOf = ({ body }: NodeAnswer): string => body?.issue?.[0].details?.coding?.[0]?.code ?? '';
const put = (...resources: any[]): Promise<unknown> => at.node.fhir.importResources(resources);

/** `all`, `some` (what the young see of their own), a refusal's reason, or `nothing`. */
async function sees(as: string, patient: string): Promise<string> {
  const named = await at.ask('GET', `/fhir/Observation?patient=${patient}&_summary=count`, { as });
  if (named.status !== 200) return reasonOf(named);
  if (named.body.total > 0) return 'all';
  return (await at.ask('GET', `/fhir/Patient/${patient}`, { as })).status === 200 ? 'some' : 'nothing';
}

/** The day in Norway so many years and days ago. */
function bornOn(years: number, days: number): string {
  const [today] = new Date().toLocaleString('sv-SE', { timeZone: 'Europe/Oslo' }).split(' ');
  const [year = 0, month = 1, day = 1] = (today as string).split('-').map(Number);
  return new Date(Date.UTC(year - years, month - 1, day + days)).toISOString().slice(0, 10);
}

test('a child and the parents see what the age of that day says, to the day; what was granted at 12 ends at 16', async () => {
  const person = await one(`Patient/${child}`);
  const found: Record<string, string[]> = {};
  const days: Readonly<Record<string, string>> = {
    'eleven, the day before twelve': bornOn(12, 1),
    'twelve today': bornOn(12, 0),
    'fifteen, the day before sixteen': bornOn(16, 1),
    'sixteen today': bornOn(16, 0),
    'of an age that is not known': person.birthDate.slice(0, 4),
  };
  for (const [age, birthDate] of Object.entries(days)) {
    await put({ ...person, birthDate });
    const everybody = ['fourteenYearsOld', 'motherOfTeenager', 'fatherOfTeenager', 'hisWife'];
    found[age] = await Promise.all(everybody.map((as) => sees(as, child)));
  }
  await put(person);
  expect(found).toEqual({
    'eleven, the day before twelve': ['too-young', 'all', 'all', 'nothing'],
    'twelve today': ['some', 'all', 'child-twelve', 'nothing'],
    'fifteen, the day before sixteen': ['some', 'all', 'child-twelve', 'nothing'],
    'sixteen today': ['all', 'child-sixteen', 'child-sixteen', 'nothing'],
    'of an age that is not known': ['some', 'child-sixteen', 'child-sixteen', 'nothing'],
  });
});

test('nobody makes a child older or younger, nor grants in the child’s name', async () => {
  const person = await one(`Patient/${child}`);
  for (const as of [
    'motherOfTeenager',
    'fatherOfTeenager',
    'fourteenYearsOld',
    'generalPractitioner',
    'hospitalDoctor',
  ]) {
    const body = { ...person, birthDate: bornOn(5, 0) };
    const answer = await at.ask('PUT', `/fhir/Patient/${child}`, { as, body });
    expect([as, [403, 404].includes(answer.status)]).toEqual([as, true]);
    const granted = await at.ask('POST', '/api/control/parental-access', { as, body: {} });
    expect([as, granted.status]).toEqual([as, as === 'fourteenYearsOld' ? 201 : as.endsWith('Teenager') ? 422 : 403]);
  }
});

test('while one lives, those next of kin see nothing; of the dead the nearest does, and writes nothing', async () => {
  const [person, partner] = [await one(`Patient/${mother}`), await one(`Patient/${patientOf('herPartner')}`)];
  const number = partner.identifier.filter(({ system }: any) => system === identifierSystems.nationalNumber);
  const family = { system: 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation' };
  const kin = (id: string, code: string, identifier: object[], period?: object): object => ({
    resourceType: 'RelatedPerson',
    id,
    patient: { reference: `Patient/${mother}` },
    identifier,
    relationship: [{ coding: [{ ...family, code }] }],
    ...(period ? { period } : {}),
  });
  const own = resourcesIn(await one(`RelatedPerson?patient=${mother}&_count=50`));
  expect(await sees('herPartner', mother)).toBe('nothing');
  await put(
    ...own.map((each: any) => ({ ...each, period: { end: '2020-01-01' } })),
    kin('kin-partner', 'ektefelleEllerPartner', number),
    kin('kin-father', 'far', (await one(`Patient/${oldMan}`)).identifier),
  );
  expect([await sees('herPartner', mother), await sees('oldManWithEverything', mother)]).toEqual([
    'nothing',
    'nothing',
  ]);
  await put({ ...person, deceasedDateTime: new Date(Date.now() - 60_000).toISOString() });
  expect(await sees('herPartner', mother)).toBe('all');
  // Not the next but one, nor the dead herself, whose token still holds.
  expect([await sees('oldManWithEverything', mother), await sees('youngMother', mother)]).toEqual([
    'nothing',
    'nothing',
  ]);
  expect((await at.ask('GET', `/fhir/Patient/${mother}`, { as: 'youngMother' })).status).toBe(404);
  const written = await at.ask('POST', '/api/control/blocks', { as: 'herPartner', body: { patient: mother } });
  expect([written.status, written.body.problem]).toEqual([403, expect.any(String)]);
  const lines = await at.ask('GET', `/api/log/mine?patient=${mother}`, { as: 'herPartner' });
  expect([200, 403]).toContain(lines.status);
  // What the dead had closed to him stays closed, and who is family no more is none.
  const block = {
    resourceType: 'Consent',
    id: 'kin-block',
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'urn:fyr:code-system:consent-kind', code: 'block' }] }],
    patient: { reference: `Patient/${mother}` },
    dateTime: '2025-01-01',
    policyRule: { text: 'block' },
    provision: {
      type: 'deny',
      actor: [
        {
          role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
          reference: { reference: `Patient/${patientOf('herPartner')}` },
        },
      ],
    },
  };
  await put(block);
  expect(await sees('herPartner', mother)).toBe('nothing');
  await put(
    { ...block, status: 'inactive' },
    kin('kin-partner', 'ektefelleEllerPartner', number, { end: '2020-01-01' }),
  );
  expect(await sees('herPartner', mother)).toBe('nothing');
  await put(person, ...own);
});

test('a file that says whose it is lies in that record: read, found and written like the rest of it, whatever one accepts', async () => {
  const secret = 'what only she and those who treat her read';
  const data = Buffer.from(secret).toString('base64');
  const file = (id: string, context: string | undefined): any => ({
    resourceType: 'Binary',
    id,
    contentType: 'text/plain',
    ...(context === undefined ? {} : { securityContext: { reference: context } }),
    data,
  });
  const [observation] = resourcesIn(await one(`Observation?patient=${mother}&_count=1`));
  await put(
    file('of-her', `Patient/${mother}`),
    file('of-her-result', `Observation/${observation.id}`),
    file('of-nobody', undefined),
  );
  const strangers = ['nurse', 'oldManWithEverything', 'pharmacist', 'operator', 'researcher', 'privacyOfficer'];
  for (const as of strangers) {
    for (const id of ['of-her', 'of-her-result', 'of-nobody']) {
      for (const accept of ['application/fhir+json', 'text/plain', '*/*']) {
        const answer = await at.ask('GET', `/fhir/Binary/${id}`, { as, headers: { accept } });
        expect([as, id, accept, answer.status]).toEqual([as, id, accept, 404]);
      }
      for (const path of [`Binary/${id}/_history`, `Binary/${id}/_history/1-test`, `Binary?_id=${id}`]) {
        const answer = await at.ask('GET', `/fhir/${path}`, { as });
        expect([as, path, answer.text.includes(data) || answer.text.includes(secret)]).toEqual([as, path, false]);
      }
    }
  }
  const own = await at.ask('GET', '/fhir/Binary/of-her', { as: 'youngMother', headers: { accept: 'text/plain' } });
  expect([own.status, own.text]).toEqual([200, secret]);
  const written = await at.ask('POST', '/fhir/Binary', {
    as: 'nurse',
    body: secret,
    headers: { 'content-type': 'text/plain', 'x-security-context': `Patient/${mother}` },
  });
  expect(written.status).toBe(403);
  const moved = await at.ask('PUT', '/fhir/Binary/of-her', { as: 'nurse', body: file('of-her', `Patient/${oldMan}`) });
  expect(moved.status).toBe(404);
});
