/** On real nodes: of what two of them changed while the line was cut, the pack shows both, and says so. */
import { expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { openKeyring } from '#trust/encryption/index.ts';
import { nodeGrants } from '#trust/grant.ts';
import { testRegion, type TestNode } from '../line/region-for-test.ts';
import { allergiesOf } from './danger.ts';
import { createPacks } from './index.ts';
import { readPatients } from './read-patients.ts';
import { allergyLine } from './told.ts';

const within = { timeout: 30_000, interval: 300 };
const hospital = 'Organization/hospital-a';

test('an allergy that two nodes changed while cut off stands twice in the pack, each as not settled', async () => {
  const { region, join } = await testRegion('disputed');
  await region.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
  const patient = (await region.make({ resourceType: 'Patient' })).id as string;
  await region.make({
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { code: 'IMP' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: hospital },
  });
  const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
  const allergy = await region.make({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: { coding: [{ system, code: 'active' }] },
    patient: { reference: `Patient/${patient}` },
    code: { text: 'Penicillin' },
  });
  const { joined: site, line } = await join('site-a', [hospital]);
  line.cut();
  await expect.poll(async () => (await site.node.line?.summary())?.isCutOff, within).toBe(true);
  const changed = (node: TestNode, text: string): Promise<{ status: number }> =>
    node.ask('PUT', `AllergyIntolerance/${allergy.id}`, { ...allergy, code: { text } });
  await changed(region, 'Penicillin V');
  await changed(site, 'Amoksicillin');
  line.restore();

  for (const { node, config } of [region, site]) {
    const { security, packs: settings } = config;
    const { context } = node.fhir;
    const keyring = openKeyring({ secret: undefined, file: security.nodeKeyFile, randomness: systemRandomness });
    const own = { node: config.node, clock: systemClock, randomness: systemRandomness, report: () => {} };
    const { reading } = createPacks({ context: { ...context, grants: nodeGrants }, settings, keyring, ...own });
    const lines = async (): Promise<string[]> => {
      const records = (await readPatients(reading, [patient], Date.now())).get(patient) ?? {};
      const allergies = (records['AllergyIntolerance'] ?? []) as never[];
      const found = allergiesOf({ allergies, flags: [], consents: [] }, { isWhole: true, heardAt: Date.now() });
      return found.items.map((one) => allergyLine(one).text);
    };
    await expect
      .poll(lines, within)
      .toEqual([
        'Amoksicillin: ikke bekreftet – TO VERSJONER, ikke avklart',
        'Penicillin V: ikke bekreftet – TO VERSJONER, ikke avklart',
      ]);
  }
}, 120_000);
