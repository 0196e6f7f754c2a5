/** The facts of patients, kept for as long as nothing in their buckets has changed. Time is not part of them: windows and ages are looked at when asked. */
import { patientBucket } from '#fhir/record/bucket.ts';
import { bounded } from '../tokens/bounded.ts';
import type { PatientFacts } from './facts.ts';
import type { Generations } from './generations.ts';
import type { RecordReader } from './read-record.ts';

export type FactCache = {
  /** `withShared`: also what names several patients, which only citizens are kept from. */
  of(patients: readonly string[], withShared: boolean): Promise<Map<string, PatientFacts>>;
};

const patientsMax = 10_000;

type Kept = { facts: PatientFacts; generation: number };

export function createFactCache(reader: RecordReader, generations: Generations): FactCache {
  const kept = { plain: bounded<Kept>(patientsMax), shared: bounded<Kept>(1000) };
  return {
    async of(patients, withShared) {
      const own = withShared ? kept.shared : kept.plain;
      const found = new Map<string, PatientFacts>();
      const missing: string[] = [];
      for (const patient of patients) {
        const entry = own.get(patient);
        if (entry !== undefined && entry.generation === generations.of(patientBucket(patient)))
          found.set(patient, entry.facts);
        else missing.push(patient);
      }
      if (missing.length === 0) return found;
      // Taken before the reading: what is written meanwhile makes what was read count as old.
      const before = missing.map((patient) => generations.of(patientBucket(patient)));
      const read = await reader.read(missing, withShared);
      for (const [index, patient] of missing.entries()) {
        const facts = read.get(patient);
        if (facts === undefined) continue;
        found.set(patient, facts);
        own.set(patient, { facts, generation: before[index] as number });
      }
      return found;
    },
  };
}
