/** One person who asks very much holds nobody else back, over a whole node. */
import { expect, test } from 'vitest';
import { testNode, type TestNode } from '../support/node.ts';
import { patientOf } from './asking.ts';

const oldMan = patientOf('oldManWithEverything');

async function onNode(name: string, settings: { [name: string]: string }, work: (at: TestNode) => Promise<void>) {
  const at = await testNode(name, settings);
  try {
    await work(at);
  } finally {
    await at.stop();
  }
}

test('who asks more in a second than one may is told when to come again; others go on', { timeout: 120_000 }, () =>
  onNode('fair_rate', { FYR_REQUESTS_PER_SUBJECT: '1' }, async (at) => {
    const ask = (as: string) => at.ask('GET', `/fhir/Organization?_count=1`, { as });
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask('nurse')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^[1-9]/);
    expect((await ask('hospitalDoctor')).status).toBe(200);
    // Another application of hers, or fewer scopes, is she all the same.
    expect((await at.ask('GET', '/api/control/attestations', { as: 'nurse', scopes: 'user/*.rs' })).status).toBe(429);
  }),
);

test('however much one person asks at once, she gets it in turns, and others before her', { timeout: 120_000 }, () =>
  onNode('fair_turns', { FYR_REQUESTS_AT_ONCE_PER_SUBJECT: '2', FYR_DATABASE_CONNECTIONS: '4' }, async (at) => {
    const costly = `/fhir/Observation?patient=${oldMan}&_count=200&_include=*&_revinclude=Provenance:target`;
    await at.ask('GET', '/fhir/Organization?_count=1', { as: 'nurse' });
    const all = 60;
    let done = 0;
    const many = Array.from({ length: all }, async () => {
      const { status } = await at.ask('GET', costly, { as: 'hospitalDoctor' });
      done++;
      return status;
    });
    expect((await at.ask('GET', '/fhir/Organization?_count=1', { as: 'nurse' })).status).toBe(200);
    expect(done).toBeLessThan(all / 2);
    expect(new Set(await Promise.all(many))).toEqual(new Set([200]));
  }),
);
