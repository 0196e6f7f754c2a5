/** A region with the sample's people, and two hospitals that both hold one patient: for tests of what people decide between nodes. */
import { expect, vi } from 'vitest';
import { patientOf } from '../../../test/trust/asking.ts';
import { testRegion, type RegionOptions, type TestNode } from '../line/region-for-test.ts';
import type { TcpProxy } from '../line/tcp-proxy.ts';

export type Hospitals = {
  region: TestNode;
  /** Where the patient lies, and where nurse and doctor work. */
  siteA: TestNode;
  lineA: TcpProxy;
  /** Undefined where one is enough. */
  siteB: TestNode | undefined;
  lineB: TcpProxy | undefined;
  /** Old, in hospital: the nurse and the hospital's doctor treat them. */
  patient: string;
  /** `Organization/id`. */
  department: string;
};

export const waitMs = { timeout: 90_000, interval: 100 };

export async function twoHospitals(
  test: string,
  { sites = 2, ...options }: { sites?: number } & RegionOptions = {},
): Promise<Hospitals> {
  const { region, join } = await testRegion(test, { ...options, withPeople: true });
  const patient = patientOf('oldManWithEverything');
  const { body } = await region.ask('GET', `Encounter?patient=${patient}&status=in-progress`);
  const department: string = body.entry[0].resource.serviceProvider.reference;
  const hospital = await placeOfCare(region, department);
  const { joined: siteA, line: lineA } = await join('site-a', [hospital]);
  let other: { joined: TestNode; line: TcpProxy } | undefined;
  if (sites > 1) {
    const clinic = await region.make({ resourceType: 'Organization', name: 'Another hospital' });
    await region.make({
      resourceType: 'EpisodeOfCare',
      status: 'active',
      patient: { reference: `Patient/${patient}` },
      managingOrganization: { reference: `Organization/${clinic.id}` },
    });
    other = await join('site-b', [`Organization/${clinic.id}`]);
  }
  const [siteB, lineB] = [other?.joined, other?.line];
  for (const site of [siteA, siteB])
    // Also before the tests of a file, where nothing can be expected yet.
    if (site !== undefined) await vi.waitUntil(() => isThere(site, patient), waitMs);
  return { region, siteA, lineA, siteB, lineB, patient, department };
}

/** The organisation below the legal entity: the hospital that the department is part of. */
async function placeOfCare(region: TestNode, department: string): Promise<string> {
  const chain: string[] = [];
  for (let at: string | undefined = department; at !== undefined;) {
    chain.push(at);
    at = (await region.ask('GET', at)).body.partOf?.reference;
  }
  return chain.at(-2) ?? department;
}

const isThere = async (site: TestNode, patient: string): Promise<boolean> =>
  ((await site.ask('GET', `Encounter?patient=${patient}&status=in-progress`)).body.entry?.length ?? 0) > 0;

/** An allergy of the patient that all nodes have. */
export async function allergyAt(
  region: TestNode,
  others: readonly TestNode[],
  patient: string,
  text = 'Penicillin',
): Promise<any> {
  const made = await region.make({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
    },
    patient: { reference: `Patient/${patient}` },
    code: { text },
    criticality: 'low',
  });
  for (const node of others)
    await expect.poll(async () => (await node.ask('GET', `AllergyIntolerance/${made.id}`)).status, waitMs).toBe(200);
  return made;
}

export async function cut(line: TcpProxy, site: TestNode): Promise<void> {
  line.cut();
  await expect.poll(async () => (await site.node.line?.summary())?.isCutOff, waitMs).toBe(true);
}

/** The same of a resource's element at all of these nodes. */
export async function allSay(nodes: readonly TestNode[], path: string, pick: (body: any) => unknown): Promise<unknown> {
  let said: unknown;
  await expect
    .poll(async () => {
      const all = await Promise.all(nodes.map(async (node) => pick((await node.ask('GET', path)).body)));
      said = all[0];
      return new Set(all.map((one) => JSON.stringify(one))).size === 1 && said !== undefined;
    }, waitMs)
    .toBe(true);
  return said;
}
