/** What another node sent and this one can't take: it holds up nobody, people see it, and it ends by being taken or by a person's word. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { patientOf } from '../../../test/trust/asking.ts';
import { testRegion, type TestNode } from '../line/region-for-test.ts';
import { receive } from '../protocol/receive.ts';
import { rules } from '../protocol/rules.ts';
import { sealed, type Version } from '../protocol/version.ts';
import type { Operation } from '../protocol/view.ts';

const base = '/api/continuity/quarantine';
const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
const patient = patientOf('oldManWithEverything');

/** A version of a note about the patient, as a site would send it. */
function version(id: string, number: number, parents: readonly Version[] = []): Version {
  const content = JSON.stringify({
    resourceType: 'Observation',
    id,
    meta: { versionId: `${number}-site-a` },
    status: 'final',
    code: { text: `temperature, ${number}` },
    subject: { reference: `Patient/${patient}` },
  });
  return sealed(
    {
      resource: `Observation/${id}`,
      type: 'Observation',
      patient,
      id: `${number}-site-a`,
      parents: parents.map((one) => one.id),
      parentSeals: parents.map((one) => one.seal),
      content,
      at: Date.now(),
    },
    hash,
  );
}

const operation = (id: string, ...versions: Version[]): Operation => ({ id, origin: 'site-a', versions });

/** As the line takes what a site pushes. */
async function arrive({ node }: TestNode, arriving: Operation): Promise<void> {
  await node.line!.sync.change([patient], (view) => receive(view, arriving, rules).effects);
}

const setAside = async ({ node }: TestNode): Promise<number> => (await node.line!.state()).setAside;

test('what is set aside is seen by who may, tried again, and settled by a person once; nobody else waits for it', async () => {
  const { region } = await testRegion('quarantine', { withPeople: true });
  const damaged = { ...version('damaged', 1), seal: 'not this one' };
  await arrive(region, operation('op-damaged', damaged));
  const first = version('chain', 1);
  const second = version('chain', 2, [first]);
  await arrive(region, { ...operation('op-second', second), ancestry: [] });
  await arrive(region, operation('op-other', version('other', 1)));
  expect((await region.ask('GET', 'Observation/other')).status, 'what came behind it').toBe(200);
  expect(await setAside(region)).toBe(2);

  const asked = (as: string, path = '', body?: object) =>
    region.askAs(as, body === undefined ? 'GET' : 'POST', `${base}${path}`, body);
  const words = 'Written anew from the paper';

  // Refusals first.
  for (const as of ['nurse', 'privacyOfficer', 'oldManWithEverything']) expect((await asked(as)).status, as).toBe(403);
  expect((await asked('midwife', '/op-damaged')).status).toBe(404);
  expect((await asked('operator', '/op-damaged')).status).toBe(403);
  expect((await asked('nurse', '/op-unknown')).status).toBe(404);
  expect((await asked('nurse', '/op-damaged/again', {})).status).toBe(403);
  expect((await asked('midwife', '/op-damaged/settle', { words })).status).toBe(404);
  expect((await asked('nurse', '/op-damaged/settle', { words: ' ' })).status).toBe(400);
  expect((await asked('nurse', '/op-other/settle', { words })).status).toBe(404);

  // Operators see that there is something, and neither what it says nor of whom.
  const list = await asked('operator');
  expect(list.body, list.text).toMatchObject({
    open: [
      {
        operation: 'op-damaged',
        from: 'site-a',
        why: expect.stringContaining('sealed'),
        resources: [{ id: 'damaged' }],
      },
      { operation: 'op-second', why: expect.stringContaining('nowhere to be found') },
    ],
    settled: [],
  });
  expect(list.text).not.toContain('temperature');
  expect(list.text).not.toContain(patient);
  const shown = await asked('nurse', '/op-damaged');
  expect(shown.body, shown.text).toMatchObject({ contents: [{ id: 'damaged', content: damaged.content }] });

  // What was wrong is still wrong; then one half of it is not.
  expect((await asked('operator', '/op-second/again', {})).body).toEqual({ outcome: 'stays' });
  await arrive(region, operation('op-first', first));
  expect((await asked('operator', '/op-second/again', {})).body).toEqual({ outcome: 'taken' });
  const taken = await region.ask('GET', 'Observation/chain');
  expect(taken.body).toMatchObject({ code: { text: 'temperature, 2' }, meta: { versionId: '2-site-a' } });
  expect(await setAside(region)).toBe(1);

  // A person settles the other, once.
  const settled = await asked('nurse', '/op-damaged/settle', { words });
  expect(settled.body, settled.text).toMatchObject({ settled: { words, by: { name: expect.stringMatching(/\w/) } } });
  expect((await asked('operator', '/op-damaged/settle', { words: 'me too' })).status).toBe(409);
  expect((await asked('operator', '/op-damaged/again', {})).status).toBe(409);
  expect(await setAside(region)).toBe(0);
  expect((await asked('operator')).body).toMatchObject({ open: [], settled: [{ operation: 'op-damaged' }] });
}, 180_000);
