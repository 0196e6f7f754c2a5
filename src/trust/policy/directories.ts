/** The directories as far as the policy has asked for them: read when first needed, kept until they are written. */
import type { Db } from '#kernel/db.ts';
import { naturalBucket } from '#fhir/record/bucket.ts';
import { findMany } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import { bounded } from '../tokens/bounded.ts';
import { directoryOf, directoryTypes, leadsTo, type Directory } from './directory.ts';
import type { Generations } from './generations.ts';

export type Directories = {
  /** A directory that knows these references (`Type/id`), and all that lies above them. */
  knowing(references: readonly string[]): Promise<KnownDirectory>;
};

export type KnownDirectory = Directory & {
  /** Nothing that it knows has been written since. */
  isCurrent(): boolean;
};

const entriesMax = 20_000;
const levelsMax = 12;

/** What is known of a reference; `resource` undefined: it leads nowhere. */
type Known = { resource: Resource | undefined; bucket: number; generation: number; isKept: boolean };

export function createDirectories(db: Db, generations: Generations): Directories {
  const kept = bounded<Known>(entriesMax);
  const load = async (references: readonly string[]): Promise<Map<string, Known>> => {
    const keys = references.map(keyOf);
    const before = keys.map(({ type, id }) => generations.of(naturalBucket(type, id)));
    const found = new Map((await findMany(db, keys)).map((row) => [`${row.type}/${row.id}`, row]));
    return new Map(
      references.map((reference, index) => {
        const row = found.get(reference);
        const { type, id } = keyOf(reference);
        const bucket = naturalBucket(type, id);
        const resource = row?.content ? (JSON.parse(row.content) as Resource) : undefined;
        // What lies elsewhere than its id tells is asked for each time: nobody would know of its bucket.
        const isKept = row === undefined || row.bucket === bucket;
        const entry = { resource, bucket, generation: before[index] as number, isKept };
        if (isKept) kept.set(reference, entry);
        return [reference, entry];
      }),
    );
  };
  const isFresh = ({ isKept, generation, bucket }: Known): boolean => isKept && generation === generations.of(bucket);
  const fresh = (reference: string): Known | undefined => {
    const entry = kept.get(reference);
    return entry !== undefined && isFresh(entry) ? entry : undefined;
  };
  return {
    async knowing(references) {
      const all = new Map<string, Resource>();
      const used: Known[] = [];
      let wanted = [...new Set(references.filter(isOfDirectory))];
      for (let level = 0; level < levelsMax && wanted.length > 0; level++) {
        const known = new Map(wanted.map((one) => [one, fresh(one)]));
        const missing = wanted.filter((one) => known.get(one) === undefined);
        const loaded = missing.length > 0 ? await load(missing) : new Map<string, Known>();
        const next = new Set<string>();
        for (const reference of wanted) {
          const entry = (known.get(reference) ?? loaded.get(reference)) as Known;
          used.push(entry);
          const { resource } = entry;
          if (resource === undefined) continue;
          all.set(reference, resource);
          for (const one of leadsTo(resource)) if (!all.has(one) && isOfDirectory(one)) next.add(one);
        }
        wanted = [...next];
      }
      return { ...directoryOf(all), isCurrent: () => used.every(isFresh) };
    },
  };
}

const keyOf = (reference: string): { type: string; id: string } => ({
  type: reference.slice(0, reference.indexOf('/')),
  id: reference.slice(reference.indexOf('/') + 1),
});

const isOfDirectory = (reference: string): boolean => directoryTypes.has(keyOf(reference).type);
