/**
 * What somebody tries who has just started Fyr, at a browser: sign in as each of the people, be let in and refused, read one's own log, block a doctor, break
 * the glass, and find out who altered the log.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personaEntries } from '#sample/persona-entries.ts';
import { logVerify } from '../../src/cli/log-verify.ts';
import { testNode, type NodeAnswer, type TestNode } from '../support/node.ts';
import { patientOf } from './asking.ts';
import { signIn, type PersonAtBrowser } from './signed-in.ts';

let at: TestNode;
const people = new Map<string, PersonAtBrowser>();
const oldMan = patientOf('oldManWithEverything');
const mother = patientOf('youngMother');
const teenager = patientOf('fourteenYearsOld');

beforeAll(async () => {
  at = await testNode('done', { FYR_TRIAL_BEARER: '0' });
}, 120_000);
afterAll(async () => at?.stop());

const as = (key: string): PersonAtBrowser => people.get(key) as PersonAtBrowser;
const reasonOf = ({ body }: NodeAnswer): string => body?.issue?.[0].details?.coding?.[0]?.code ?? '';

/** What one gets who asks for a person's results: how many, or why not; `0` and 404 alike tell nothing. */
async function results(key: string, patient: string): Promise<string> {
  const answer = await as(key).ask('GET', `/fhir/Observation?patient=${patient}&_summary=count`);
  if (answer.status === 200) return answer.body.total > 0 ? 'results' : 'nothing';
  return `${answer.status} ${reasonOf(answer)}`;
}

test('each of the people signs in and is who she says; nobody else is', { timeout: 60_000 }, async () => {
  expect((await at.ask('GET', `/fhir/Patient/${oldMan}`)).status).toBe(401);
  for (const { key, kind, practitioner, patient, name } of personaEntries()) {
    const person = await signIn(at, key);
    people.set(key, person);
    expect([key, person.session]).toEqual([key, expect.objectContaining({ kind, name, id: practitioner ?? patient })]);
    expect(person.browser.cookieHeader()).not.toMatch(/eyJ/);
  }
  expect(people.size).toBeGreaterThan(10);
});

test('each is let in and refused as the table of rules says', { timeout: 60_000 }, async () => {
  const rows: Readonly<Record<string, readonly string[]>> = {
    hospitalDoctor: ['results', '403 no-relationship', '403 no-relationship'],
    nurse: ['results', '403 no-relationship', '403 no-relationship'],
    generalPractitioner: ['results', 'results', '403 no-relationship'],
    midwife: ['403 no-relationship', '403 no-relationship', '403 no-relationship'],
    pharmacist: ['nothing', 'nothing', 'nothing'],
    privacyOfficer: ['nothing', 'nothing', 'nothing'],
    operator: ['403 duty', '403 duty', '403 duty'],
    researcher: ['403 duty', '403 duty', '403 duty'],
    oldManWithEverything: ['results', 'nothing', 'nothing'],
    youngMother: ['nothing', 'results', 'nothing'],
    hisWife: ['nothing', 'nothing', 'nothing'],
    fourteenYearsOld: ['nothing', 'nothing', 'nothing'],
    motherOfTeenager: ['nothing', 'nothing', 'results'],
  };
  const found: Record<string, string[]> = {};
  for (const key of Object.keys(rows)) {
    found[key] = await Promise.all([oldMan, mother, teenager].map((patient) => results(key, patient)));
  }
  expect(found).toEqual(rows);
  expect((await as('pharmacist').ask('GET', `/fhir/MedicationRequest?patient=${oldMan}`)).body.total).not.toBe(0);
  expect((await as('fourteenYearsOld').ask('GET', `/fhir/Patient/${teenager}`)).status).toBe(200);
  expect((await as('youngMother').ask('GET', `/fhir/Patient/${oldMan}`)).status).toBe(404);
});

test('one reads who saw one’s own record', async () => {
  const { status, body, text } = await as('oldManWithEverything').ask('GET', '/api/log/mine?by=others');
  expect(status).toBe(200);
  expect(body.lines.map((line: any) => [line.who.name, line.outcome])).toContainEqual(['Ingrid Bergvik', 'allowed']);
  expect(text).not.toMatch(/\b\d{11}\b/);
});

test('one blocks a doctor, who is refused at once and told why, also after breaking the glass', async () => {
  expect(await results('hospitalDoctor', oldMan)).toBe('results');
  const block = await as('oldManWithEverything').ask('POST', '/api/control/blocks', {
    for: { practitioner: as('hospitalDoctor').session.id },
  });
  expect(block.status).toBe(201);
  expect(await results('hospitalDoctor', oldMan)).toBe('403 blocked');
  const glass = { patient: oldMan, reason: 'Trenger legemiddellisten nå' };
  expect((await as('hospitalDoctor').ask('POST', '/api/control/break-glass', glass)).status).toBe(403);
  expect(await results('nurse', oldMan)).toBe('results');
});

test('a doctor breaks the glass and reads; the patient sees it, and the privacy officer finds the case', async () => {
  expect(await results('hospitalDoctor', mother)).toBe('403 no-relationship');
  const glass = { patient: mother, reason: 'Funnet bevisstløs, allergier må avklares' };
  expect((await as('hospitalDoctor').ask('POST', '/api/control/break-glass', glass)).status).toBe(201);
  expect(await results('hospitalDoctor', mother)).toBe('results');
  const seen = await as('youngMother').ask('GET', '/api/log/mine?by=others');
  expect(seen.body.lines).toContainEqual(expect.objectContaining({ isEmergency: true }));
  const cases = await as('privacyOfficer').ask('GET', '/api/control/cases');
  expect(cases.body.cases).toContainEqual(
    expect.objectContaining({ kind: 'break-glass', patient: mother, message: glass.reason }),
  );
});

test('an entry that the database’s superuser altered is named, with when and who', { timeout: 30_000 }, async () => {
  const verify = async (): Promise<{ code: number; said: string }> => {
    const command = at.command();
    return { code: await logVerify.run([], command), said: command.written() };
  };
  await expect.poll(async () => (await verify()).said, { timeout: 20_000 }).toMatch(/[^\d]0 not sealed yet/);
  expect((await verify()).code).toBe(0);
  // The broken glass is to look like plain treatment.
  const [entry] = await at.db<{ number: number }[]>`
    update access_entry set content = replace(content, 'break-glass:', 'attested:TREAT:')
    where number = (select min(number) from access_entry where content like '%break-glass:%') returning number`;
  const { code, said } = await verify();
  expect(code).toBe(1);
  expect(said).toMatch(new RegExp(`\\b${entry?.number}\\b.*Ingrid Bergvik.*altered`));
});
