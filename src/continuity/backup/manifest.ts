/** What one backup holds, and where: everything that a restore needs to know, sealed like the rest. It is written last: without it there is no backup. */
import { z } from 'zod';

/** One sealed file of rows, as PostgreSQL's COPY writes them, compressed. */
const pieceSchema = z.object({
  file: z.string().regex(/^[0-9a-f]{2}\/[0-9a-f]{32}$/),
  /** Of the sealed file. */
  bytes: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  /** Of the rows as they were copied. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Buckets whose rows of earlier pieces no longer count: some had been taken away. */
  replaces: z.array(z.int()).optional(),
});

/**
 * How the rows of a table come together from its pieces. `whole`: one piece is all. `byNumber`: rows are only added, each piece goes on where the one
 * before ended. `byBucket`: each piece has the rows that changed in each bucket since; a later row takes the place of an earlier one of its key.
 */
const tableSchema = z.object({
  how: z.enum(['whole', 'byNumber', 'byBucket']),
  columns: z.array(z.string()).min(1),
  pieces: z.array(pieceSchema),
  rows: z.int().nonnegative(),
  /** Sum of the rows' hashes (tally.ts); undefined where later rows take the place of earlier ones. */
  digest: z.string().optional(),
  /** Of `version` and `resource`: rows in each bucket. */
  counts: z.array(z.int()).optional(),
  /** Of `version`: the digest of each bucket. */
  digests: z.array(z.string()).optional(),
  /** `byNumber`: the first and the last number. */
  first: z.int().optional(),
  last: z.int().optional(),
});

export const manifestSchema = z.object({
  format: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{8}$/),
  node: z.string(),
  /** The version of Fyr that made it, and PostgreSQL's. */
  program: z.string(),
  postgres: z.string(),
  /** The instant that it holds, milliseconds since 1970, by the database's clock. */
  at: z.number(),
  previous: z.string().optional(),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** The last number of each bucket. */
  heads: z.array(z.int()),
  /** What the search values were made by: other values, other rows of `resource`, without a new version. */
  indexed: z.string(),
  tables: z.record(z.string(), tableSchema),
  /** Names and lengths of the blobs' files, a line each. */
  blobs: z.object({ list: pieceSchema, files: z.int(), bytes: z.int(), damaged: z.int() }),
  /** Small files of the node that are not in the database: the key of the access log, the certificate authority. */
  files: z.array(
    z.object({ place: z.enum(['log-key', 'authority', 'anchors', 'identity']), name: z.string(), piece: pieceSchema }),
  ),
});

export type Piece = z.output<typeof pieceSchema>;
export type TablePart = z.output<typeof tableSchema>;
export type Manifest = z.output<typeof manifestSchema>;
