/**
 * Buckets: the unit of order, of the change feed and of distribution (docs/scale-out.md). What belongs to one patient is one bucket.
 * A Fyr id is a UUIDv7 whose `rand_a` carries the bucket in its low ten bits, so that (type, id) alone finds it;
 * any other id has a bucket by hash, and a row in `directory` where the resource lies elsewhere.
 */
import type { Ids } from '#kernel/ids.ts';

export const bucketCount = 1024;

const fyrId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The bucket that an id of Fyr's shape carries, else undefined. */
export function bucketInId(id: string): number | undefined {
  return fyrId.test(id) ? Number.parseInt(id.slice(15, 18), 16) & (bucketCount - 1) : undefined;
}

/** Where a resource is, unless `directory` says otherwise. A patient's bucket follows from the patient's id alone. */
export function naturalBucket(type: string, id: string): number {
  return bucketInId(id) ?? hashText(type === 'Patient' ? id : `${type}/${id}`) % bucketCount;
}

/** The bucket of everything in the compartment of this patient. */
export function patientBucket(patientId: string): number {
  return naturalBucket('Patient', patientId);
}

/** A new id that lies in the bucket; the two bits above it are random. */
export function newIdInBucket(ids: Ids, bucket: number): string {
  return ids.uuid((ids.below(4) << 10) | bucket);
}

/** FNV-1a with a final mix over UTF-16 code units, 32 bits: fixed for ever, since rows lie by it. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x45d9f3b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
