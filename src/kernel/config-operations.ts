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
};

type Values = {
  blobCopyFolder: string | undefined;
  scrubMegabytesPerSecond: number;
  scrubDays: number;
  downtimeAfterSeconds: number;
};

/** `dataFolder` is absolute. */
export function operationsOf(values: Values, dataFolder: string, absolute: (path: string) => string): OperationsConfig {
  const { blobCopyFolder, scrubMegabytesPerSecond, scrubDays, downtimeAfterSeconds } = values;
  return Object.freeze({
    blobFolder: join(dataFolder, 'blobs'),
    blobCopyFolder: blobCopyFolder === undefined ? undefined : absolute(blobCopyFolder),
    scrubBytesPerSecond: scrubMegabytesPerSecond * 1_000_000,
    scrubEveryMs: scrubDays * 86_400_000,
    downtimeAfterMs: downtimeAfterSeconds * 1000,
  });
}
