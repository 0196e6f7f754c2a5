/** A ward as one person may see it: the sheets of a pack, read under that person's rights. */
import type { Grant } from '#fhir/index.ts';
import { Fault } from '#kernel/fault.ts';
import { findWards, type Ward } from '../packs/find-wards.ts';
import type { HoldingOf } from '../packs/held.ts';
import { contentOf } from '../packs/make-pack.ts';
import type { Reading } from '../packs/reading.ts';
import type { WardAnswer } from './contract.ts';

export type WardViewDeps = {
  /** The node's own: who lies where, whoever asks. */
  reading: Reading;
  /** FYR_NODE. */
  node: string;
  held: HoldingOf;
};

/** Faults: notFound, for a ward that has nobody and expects nobody. */
export async function readWard(
  { reading, node, held }: WardViewDeps,
  grant: Grant,
  ward: string,
  now: number,
): Promise<Omit<WardAnswer, 'device'>> {
  const whole = (await findWards(reading, now)).find(({ id }) => id === ward);
  if (whole === undefined) throw new Fault('notFound', `Location/${ward} has nobody, and expects nobody.`);
  const own: Reading = { ...reading, grant };
  const seen = (await findWards(own, now)).find(({ id }) => id === ward);
  const open: Ward = { ...whole, stays: seen?.stays ?? [], expected: seen?.expected ?? [] };
  const { patients, expected, heardAt, name } = await contentOf({ reading: own, node, held }, open, now);
  const seenBeds = new Set(open.stays.map(({ patient }) => patient));
  return {
    node,
    ward,
    name,
    at: now,
    heardAt,
    patients: patients.map((sheet) => ({ ...sheet, sources: [] })),
    expected,
    closedBeds: whole.stays.filter(({ patient }) => !seenBeds.has(patient)).map(({ bed }) => bed),
  };
}
