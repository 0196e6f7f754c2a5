/**
 * Blobs kept safely: a second copy before anything is called safe, damage noticed and healed from wherever there is a good one. Over the blob store of
 * trust, which seals, and checks on every read.
 */
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { BlobStore } from '#trust/encryption/index.ts';
import { Damage, type Bytes } from '#trust/encryption/sealed-stream.ts';
import {
  addBlob,
  blobsDamaged,
  blobsWithout,
  countBlobs,
  findBlob,
  putCopy,
  putState,
  removeBlob,
  type BlobCounts,
  type KnownBlob,
} from './blob-store.ts';

export type BlobPlace = { patient: string | undefined; sha256: string };

export type KeepDeps = {
  db: Db;
  clock: Clock;
  store: BlobStore;
  /** Of the store. */
  folder: string;
  /** A second store on another disk, under the same keys. */
  copy?: BlobStore;
  /** Asks another tier for a good copy; undefined: none has it. What comes is checked. */
  healFrom?(place: BlobPlace): Promise<Bytes | undefined>;
  /** Since when what was kept before can not be opened: a drill. */
  archiveAwaySince?(): number | undefined;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type KeptBlobs = BlobStore & {
  /** At least two copies were durable and right. Only then may a device be told to delete its own (DICOM storage commitment). */
  isSafe(patient: string | undefined, sha256: string): Promise<boolean>;
  /** Another node says that it has it, durable and checked. False: it is not known here. */
  acknowledge(patient: string | undefined, sha256: string, node: string): Promise<boolean>;
  /** Good here, and not in this place: 'copy', or the name of a node. The oldest first. */
  lacking(place: string, limit: number): Promise<KnownBlob[]>;
  /** Damaged or lost here, and nobody within reach had another. */
  missing(limit: number): Promise<KnownBlob[]>;
  /** Copies to the second folder what is not there yet. Gives the number of copies made. */
  copyMissing(limit: number, signal?: AbortSignal): Promise<number>;
  /** Puts a good copy in the place of a damaged or missing one. The damaged file goes to quarantine. */
  heal(blob: KnownBlob): Promise<'healed' | 'damaged'>;
  counts(): Promise<BlobCounts>;
  /** Resolves when copies and healing that are under way have ended. */
  idle(): Promise<void>;
};

export const copyPlace = 'copy';

/** @returns a blob store like any, and more */
export function keepBlobs(deps: KeepDeps): KeptBlobs {
  const { db, clock, store, copy, report } = deps;
  const work = new Set<Promise<unknown>>();
  const behind = (what: string, promise: Promise<unknown>): void => {
    const one = promise.catch((error: unknown) => report(what, error)).finally(() => work.delete(one));
    work.add(one);
  };
  const healing = (file: string): Promise<void> => healKnown(deps, file);
  return {
    ...store,
    async put(patient, content, limits) {
      const address = await store.put(patient, content, limits);
      const file = await fileOf(store, patient, address.sha256);
      await addBlob(db, { file, patient, ...address }, clock.now());
      if (copy) behind('blob copy', copyOne(deps, { file, patient, sha256: address.sha256 }));
      return address;
    },
    async open(patient, sha256) {
      const file = await store.fileOf(patient, sha256);
      await refuseWhileAway(deps, file);
      if (file !== undefined && !(await store.has(patient, sha256))) await healing(file);
      const content = await store.open(patient, sha256).catch((error: unknown) => {
        if (error instanceof Damage && file !== undefined) behind('blob healing', healing(file));
        throw error;
      });
      return file === undefined ? content : watched(content, () => behind('blob healing', healing(file)));
    },
    async remove(patient, sha256) {
      const file = await store.fileOf(patient, sha256);
      const isRemoved = await store.remove(patient, sha256);
      await copy?.remove(patient, sha256);
      if (file !== undefined) await removeBlob(db, file);
      return isRemoved;
    },
    async isSafe(patient, sha256) {
      const file = await store.fileOf(patient, sha256);
      const known = file === undefined ? undefined : await findBlob(db, file);
      return (
        deps.archiveAwaySince?.() === undefined &&
        known !== undefined &&
        known.state === 'good' &&
        known.copies.length > 0
      );
    },
    async acknowledge(patient, sha256, node) {
      const file = await store.fileOf(patient, sha256);
      if (file === undefined || (await findBlob(db, file)) === undefined) return false;
      await putCopy(db, file, node, true);
      return true;
    },
    async copyMissing(limit, signal) {
      if (!copy) return 0;
      let made = 0;
      for (const blob of await blobsWithout(db, copyPlace, limit)) {
        signal?.throwIfAborted();
        made += (await copyOne(deps, blob)) ? 1 : 0;
      }
      return made;
    },
    lacking: (place, limit) => blobsWithout(db, place, limit),
    missing: (limit) => blobsDamaged(db, limit),
    heal: (blob) => heal(deps, blob),
    counts: () => countBlobs(db),
    async idle() {
      while (work.size > 0) await Promise.all(work);
    },
  };
}

async function refuseWhileAway({ db, archiveAwaySince }: KeepDeps, file: string | undefined): Promise<void> {
  const since = archiveAwaySince?.();
  if (since === undefined || file === undefined) return;
  const known = await findBlob(db, file);
  if (known !== undefined && known.kept < since)
    throw new Fault('unavailable', 'The archive does not answer (drill). What is kept from now on can be opened.');
}

async function fileOf(store: BlobStore, patient: string | undefined, sha256: string): Promise<string> {
  const file = await store.fileOf(patient, sha256);
  if (file === undefined) throw new Fault('gone', 'The key of this patient was destroyed meanwhile.');
  return file;
}

async function* watched(content: AsyncGenerator<Buffer>, onDamage: () => void): AsyncGenerator<Buffer> {
  try {
    yield* content;
  } catch (error) {
    if (error instanceof Damage) onDamage();
    throw error;
  }
}

/** Opened once somebody reads: a file that nobody comes to read would stay open. */
async function* opened(store: BlobStore, { patient, sha256 }: BlobPlace): AsyncGenerator<Buffer> {
  yield* await store.open(patient, sha256);
}

type Copied = Pick<KnownBlob, 'file' | 'patient' | 'sha256'>;

/** Written anew from the checked content, and read back: a copy of a damaged file is none. */
async function copyOne(deps: KeepDeps, { file, patient, sha256 }: Copied): Promise<boolean> {
  const { db, store, copy, report } = deps;
  if (!copy) return false;
  try {
    await copy.put(patient, opened(store, { patient, sha256 }));
    if ((await copy.verify(file)) !== 'good') throw new Damage('The second copy does not read as it was written.');
    await putCopy(db, file, copyPlace, true);
    return true;
  } catch (error) {
    report('blob copy', error);
    return false;
  }
}

async function healKnown(deps: KeepDeps, file: string): Promise<void> {
  const blob = await findBlob(deps.db, file);
  if (blob !== undefined) await heal(deps, blob);
}

async function heal(deps: KeepDeps, blob: KnownBlob): Promise<'healed' | 'damaged'> {
  const { db, clock, store } = deps;
  if ((await store.verify(blob.file)) !== 'good') {
    await quarantine(deps, blob.file);
    const isBack = (await healFromCopy(deps, blob)) || (await healFromOthers(deps, blob));
    if (!isBack) {
      await putState(db, blob.file, 'damaged', clock.now());
      deps.report('blob damaged', new Damage(`The blob ${blob.file} is damaged, and no good copy is within reach.`));
      return 'damaged';
    }
  }
  await putState(db, blob.file, 'good', clock.now());
  return 'healed';
}

/** Kept, for whoever wants to know what the disk did; never read again by the node. */
export async function quarantine({ folder }: Pick<KeepDeps, 'folder'>, file: string): Promise<void> {
  const aside = join(folder, 'quarantine', file.slice(-64));
  await mkdir(dirname(aside), { recursive: true, mode: 0o700 });
  await rename(join(folder, file), aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function healFromCopy({ db, store, copy }: KeepDeps, { file, patient, sha256 }: KnownBlob): Promise<boolean> {
  if (!copy) return false;
  if ((await copy.verify(file)) === 'good')
    return putBack(store, { patient, sha256 }, opened(copy, { patient, sha256 }));
  await putCopy(db, file, copyPlace, false);
  return false;
}

async function healFromOthers({ store, healFrom, report }: KeepDeps, { patient, sha256 }: KnownBlob): Promise<boolean> {
  try {
    const content = await healFrom?.({ patient, sha256 });
    return content !== undefined && (await putBack(store, { patient, sha256 }, content));
  } catch (error) {
    report('blob healing', error);
    return false;
  }
}

/** What came is kept only where it is what was asked for. */
async function putBack(store: BlobStore, { patient, sha256 }: BlobPlace, content: Bytes): Promise<boolean> {
  const address = await store.put(patient, content);
  if (address.sha256 === sha256) return true;
  await store.remove(patient, address.sha256);
  return false;
}
