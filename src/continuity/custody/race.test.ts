/** A stay that is taken elsewhere while somebody here writes it, on a real node. */
import { expect, onTestFinished, test } from 'vitest';
import { writeJson } from '#fhir/json/index.ts';
import { findCurrent, findVersion } from '#fhir/record/store.ts';
import { startNode } from '../node/nodes-for-test.ts';
import type { NodeFacts } from '../protocol/view.ts';
import { custodyResource } from './custody-resource.ts';

const rounds = 25;
const facts: NodeFacts = {
  name: 'region',
  writer: 'region',
  tier: 'region',
  upstream: undefined,
  subtree: new Set(['region']),
  children: [],
};

test('a stay that is taken elsewhere while it is written: either the writer is refused, or the write lies before the taking', async () => {
  const { api, sync } = await startNode(facts, 'custody_race');
  onTestFinished(() => api.close());
  const { db } = api.record;
  const outcomes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const patient = await api.make({ resourceType: 'Patient' });
    const stay = await api.make({
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { code: 'IMP' },
      subject: { reference: `Patient/${patient.id}` },
    });
    const by = { reference: 'Practitioner/nurse', name: 'Nurse' };
    const step = { act: 'take', holder: 'site-a', from: undefined, at: '2026-11-24T02:00:00Z', by, reason: undefined };
    const custody = custodyResource(patient.id, stay.id, step as never);
    const written = sync.write([
      {
        resource: `Basic/${custody.id}`,
        type: 'Basic',
        patient: patient.id,
        content: writeJson(custody),
        parents: [],
      },
    ]);
    const answers = await Promise.all(
      [1, 2, 3, 4].map((text) =>
        api.ask('PUT', `Encounter/${stay.id}`, { ...stay, reasonCode: [{ text: `${text}` }] }),
      ),
    );
    expect(await written).not.toHaveProperty('kind');
    const taken = (await findCurrent(db, 'Basic', custody.id as string))?.n as number;
    for (const { status, body } of answers) {
      outcomes.push(status);
      if (status !== 200) expect([status, body.issue?.[0]?.code], JSON.stringify(body)).toEqual([409, 'lock-error']);
      else expect((await findVersion(db, 'Encounter', stay.id, body.meta.versionId))?.n).toBeLessThan(taken);
    }
  }
  expect(outcomes, 'some were in time, some too late').toEqual(expect.arrayContaining([200, 409]));
}, 60_000);
