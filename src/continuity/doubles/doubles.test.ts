/** Over the real line: what may happen once, asked of its home, done cut off, and told to a person where it may have happened twice. Settling: settle.test.ts. */
import { expect, test } from 'vitest';
import { cut, waitMs } from '../conflicts/hospitals-for-test.ts';
import { testRegion, type TestNode } from '../line/region-for-test.ts';
import { doseSlotExtension, emergencyTag, requestTag } from '../node/claims.ts';

const limitMs = 480_000;
const hospital = 'Organization/hospital-a';

test(
  'what its home decides is refused elsewhere with what to do; done at both ends of a cut line, both are kept, with an alert and a Task for the department',
  async () => {
    const { region, join } = await testRegion('doubles');
    await region.ask('PUT', hospital, { resourceType: 'Organization', id: 'hospital-a', name: 'A' });
    const { id: patient } = await region.make({ resourceType: 'Patient', name: [{ family: 'Innlagt' }] });
    const subject = { reference: `Patient/${patient}` };
    await region.make({
      resourceType: 'Encounter',
      status: 'in-progress',
      class: { code: 'IMP' },
      subject,
      serviceProvider: { reference: hospital },
    });
    const medicine = { medicationCodeableConcept: { text: 'morphine' } };
    const order = await region.make({
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject,
      ...medicine,
    });
    const { joined: site, line } = await join('site-a', [hospital]);
    const prescription = { reference: `MedicationRequest/${order.id}` };
    const dispense = (...tag: object[]): object => ({
      resourceType: 'MedicationDispense',
      ...(tag.length === 0 ? {} : { meta: { tag } }),
      status: 'completed',
      ...medicine,
      subject,
      authorizingPrescription: [prescription],
    });
    const at = '2026-11-23T20:00:00Z';
    const dose = {
      resourceType: 'MedicationAdministration',
      extension: [{ url: doseSlotExtension, valueInstant: at }],
      status: 'completed',
      ...medicine,
      subject,
      request: prescription,
      effectiveDateTime: at,
    };
    const send = (node: TestNode, resource: object) =>
      node.ask('POST', (resource as { resourceType: string }).resourceType, resource);

    // The line is there: the home is asked.
    const refused = await send(site, dispense());
    expect(refused).toMatchObject({
      status: 409,
      body: expect.stringMatching(/region decides.*claim-request.*emergency/),
    });
    const asked = await send(site, dispense(requestTag));
    expect(asked.status).toBe(201);
    const statusOf = async (): Promise<string> =>
      (await site.ask('GET', `MedicationDispense/${asked.body.id}`)).body.status;
    await expect.poll(statusOf, waitMs).toBe('in-progress');
    expect((await send(site, dispense(emergencyTag))).status, 'known to be done').toBe(409);

    await cut(line, site);
    expect((await send(site, dose)).status).toBe(201);
    expect((await send(site, dose)).status, 'once at a node').toBe(409);
    expect((await send(region, dose)).status).toBe(201);
    line.restore();
    for (const node of [region, site]) {
      const alerts = async (): Promise<any[]> =>
        (await node.ask('GET', `DetectedIssue?patient=${patient}`)).body.entry ?? [];
      await expect.poll(async () => (await alerts()).length, waitMs).toBe(1);
      const [{ resource }] = (await alerts()) as [any];
      await expect.poll(async () => (await node.ask('GET', `Task/${resource.id}`)).status, waitMs).toBe(200);
      const { body: task } = await node.ask('GET', `Task/${resource.id}`);
      expect(task).toMatchObject({
        status: 'requested',
        focus: { reference: `DetectedIssue/${resource.id}` },
        owner: { reference: hospital },
      });
      expect((await node.ask('GET', `MedicationAdministration?patient=${patient}`)).body.entry).toHaveLength(2);
    }
  },
  limitMs,
);
