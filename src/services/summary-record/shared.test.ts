/** A summary by a code: who has it sees it, until it ends or is withdrawn; and the whole record as a document. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testNode, type TestNode } from '../../../test/support/node.ts';

const torleif = '018c0000-0100-7001-8000-00000000c001';
const girl = '018c0000-0100-7009-8000-00000000c009';
let at: TestNode;

beforeAll(async () => {
  at = await testNode('shared_summary');
}, 120_000);
afterAll(async () => {
  await at?.stop();
});

const open = (code: string, more: object = {}) =>
  at.ask('POST', '/api/summary/shared', { body: { code, name: 'Kari Lege', isConfirmed: true, ...more } });

test('nobody but a citizen makes a code, for the own record: not personnel, nobody for another, not for long; a girl of fourteen shares what she sees', async () => {
  const asked = (as: string, body: object) => at.ask('POST', '/api/control/shares', { as, body });
  expect((await asked('hospitalDoctor', { patient: torleif, days: 7 })).status).toBe(403);
  expect((await asked('fourteenYearsOld', { days: 7 })).status).toBe(201);
  expect((await asked('youngMother', { patient: torleif, days: 7 })).status).toBe(404);
  expect((await asked('oldManWithEverything', { days: 91 })).status).toBe(400);
  expect((await at.ask('POST', '/api/control/shares', { body: { days: 7 } })).status).toBe(401);
});

test('a code opens the summary for who says who they are, is in the log, and opens nothing once it is withdrawn', async () => {
  const made = await at.ask('POST', '/api/control/shares', {
    as: 'oldManWithEverything',
    body: { days: 7, note: 'Legen i utlandet' },
  });
  expect(made.status).toBe(201);
  const { code, id } = made.body as { code: string; id: string };
  expect((await open(code, { isConfirmed: false })).status).toBe(400);
  expect((await open('0000-0000-0000-0000')).status).toBe(404);
  const seen = await open(code.toLowerCase());
  expect(seen.status).toBe(200);
  expect(seen.body.view.patient.name).toBe('Torleif Nordskog');
  expect(seen.body.view.sections.length).toBeGreaterThan(5);
  const document = await open(code, { as: 'fhir' });
  expect(document.body).toMatchObject({ resourceType: 'Bundle', type: 'document' });
  expect((await open(code, { as: 'pdf' })).text.slice(0, 5)).toBe('%PDF-');
  const log = await at.ask('GET', '/api/log/mine?by=others&language=en', { as: 'oldManWithEverything' });
  const line = (log.body.lines as { who: { name: string }; why: { words: string } }[]).find(
    ({ who }) => who.name === 'Kari Lege',
  );
  expect(line?.why.words).toBe('you shared a summary by a code');
  const listed = await at.ask('GET', '/api/control/shares', { as: 'oldManWithEverything' });
  expect(listed.text).not.toContain(code);
  expect(listed.body.shares).toMatchObject([{ id, holds: true, isWithdrawn: false, note: 'Legen i utlandet' }]);
  expect((await at.ask('DELETE', `/api/control/shares/${id}`, { as: 'youngMother' })).status).toBe(404);
  expect((await at.ask('DELETE', `/api/control/shares/${id}`, { as: 'oldManWithEverything' })).status).toBe(200);
  expect((await open(code)).status).toBe(404);
});

test('codes are not tried out: one address has ten attempts, then waits', async () => {
  const statuses = [];
  for (let i = 0; i < 10; i++) statuses.push((await open('1111-1111-1111-1111')).status);
  expect(statuses.at(-1)).toBe(429);
});

test('the whole record as a document is for the patient, and for who acts for one', async () => {
  const get = (as: string, patient: string) => at.ask('GET', `/api/summary/${patient}/whole.pdf`, { as });
  expect((await get('hospitalDoctor', torleif)).status).toBe(403);
  expect((await get('youngMother', torleif)).status).toBe(404);
  expect((await get('fourteenYearsOld', girl)).status).toBe(200);
  const whole = await get('oldManWithEverything', torleif);
  expect(whole.headers.get('content-type')).toBe('application/pdf');
  expect(whole.text.length).toBeGreaterThan(20_000);
});
