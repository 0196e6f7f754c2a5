/** Who may have a pack: one to whom everything in it is open. What it tells of whom is in the access log then. */
import type { Grant } from '#fhir/index.ts';
import { readMany } from '#fhir/record/reading.ts';
import { Fault } from '#kernel/fault.ts';
import type { Manifest } from './kept-packs.ts';
import type { Reading } from './reading.ts';

/** @param reading the node's own, under which what is still there is told from what is closed. Throws a Fault `forbidden`. */
export async function mustReachAll(reading: Reading, grant: Grant, { patients }: Manifest): Promise<void> {
  for (const { patient, sources } of patients) {
    const keys = sources.map((source) => {
      const [type = '', id = ''] = source.split('/');
      return { type, id };
    });
    const clinical = keys.filter(({ type }) => type !== 'Patient');
    if (clinical.length > 0) await mustReach(grant, patient, [...new Set(clinical.map(({ type }) => type))]);
    const open = await readMany({ ...reading, grant }, keys, patient);
    const there = await readMany(reading, keys, patient);
    if (open.length < there.length) throw closed();
  }
}

async function mustReach(grant: Grant, patient: string, types: readonly string[]): Promise<void> {
  try {
    const reach = await grant.reach({ by: 'read', patient, isNamed: true, types });
    if (reach.kind === 'nothing') throw closed();
  } catch (error) {
    if (error instanceof Fault && error.kind === 'forbidden') throw closed(error);
    throw error;
  }
}

const closed = (cause?: Fault): Fault =>
  new Fault(
    'forbidden',
    'A pack tells of every patient of the ward, and not all of them are yours to read. Those who work on the ward can fetch it.',
    { reason: cause?.reason ?? 'pack-out-of-reach', ...(cause === undefined ? {} : { cause }) },
  );
