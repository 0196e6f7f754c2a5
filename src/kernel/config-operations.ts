/** Settings of operations: where second copies of blobs lie, how fast storage is read through, when the node proposes a downtime. */
import { join } from 'node:path';
import { text, whole, type Setting } from './config-form.ts';

/** By their names in the settings file. */
export const operationsSettings = {
  blobCopyFolder: {
    environment: 'FYR_BLOB_COPY_FOLDER',
    ...text(/\S/, 'the path of a folder'),
    default: undefined,
    about:
      'Folder on another disk where a second copy of each document and image is kept, encrypted. Without it a blob counts as safe only once another node has it.',
  },
  scrubMegabytesPerSecond: {
    environment: 'FYR_SCRUB_MB_PER_SECOND',
    ...whole(1, 10_000),
    default: 20,
    about: 'Megabytes a second, at most, at which stored documents and images are read through for damage.',
  },
  scrubDays: {
    environment: 'FYR_SCRUB_DAYS',
    ...whole(1, 365),
    default: 7,
    about: 'Days from the beginning of one reading-through of storage to the beginning of the next.',
  },
  graceDays: {
    environment: 'FYR_GRACE_DAYS',
    ...whole(1, 365),
    default: 7,
    about:
      'Days that a patient whom no reason keeps at this node any more stays here, counted from the end of the last reason, before the record goes from here.',
  },
  roomMegabytes: {
    environment: 'FYR_ROOM_MB',
    ...whole(1, 1_000_000),
    default: 256,
    about:
      "Megabytes that must be free on the disks of the data folder and of PostgreSQL's log. With less, writes are refused (507) while reads go on, so that the database never stands still.",
  },
  downtimeAfterSeconds: {
    environment: 'FYR_DOWNTIME_AFTER_SECONDS',
    ...whole(10, 86_400),
    default: 120,
    about: 'Seconds without an answer from the node above after which this one proposes a downtime.',
  },
} satisfies Record<string, Setting>;

export type OperationsConfig = {
  readonly blobFolder: string;
  readonly blobCopyFolder: string | undefined;
  readonly scrubBytesPerSecond: number;
  readonly scrubEveryMs: number;
  readonly downtimeAfterMs: number;
  /** How long who leaves stays, once nothing keeps them here. */
  readonly graceMs: number;
  /** Free on disk, below which nothing is written any more. */
  readonly roomBytes: number;
};

type Values = {
  blobCopyFolder: string | undefined;
  scrubMegabytesPerSecond: number;
  scrubDays: number;
  graceDays: number;
  downtimeAfterSeconds: number;
  roomMegabytes: number;
};

/** `dataFolder` is absolute. */
export function operationsOf(values: Values, dataFolder: string, absolute: (path: string) => string): OperationsConfig {
  const { blobCopyFolder, scrubMegabytesPerSecond, scrubDays, graceDays, downtimeAfterSeconds, roomMegabytes } = values;
  return Object.freeze({
    blobFolder: join(dataFolder, 'blobs'),
    blobCopyFolder: blobCopyFolder === undefined ? undefined : absolute(blobCopyFolder),
    scrubBytesPerSecond: scrubMegabytesPerSecond * 1_000_000,
    scrubEveryMs: scrubDays * 86_400_000,
    downtimeAfterMs: downtimeAfterSeconds * 1000,
    graceMs: graceDays * 86_400_000,
    roomBytes: roomMegabytes * 1_000_000,
  });
}
