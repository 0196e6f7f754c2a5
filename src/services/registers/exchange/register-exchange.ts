/** What a register says of itself, so that one importer and one exporter serve all of them. */
import type { ZodType } from 'zod';
import type { RequestContext } from '#fhir/index.ts';
import type { Change } from '#fhir/record/writer.ts';
import type { Resource } from '#fhir/types.ts';
import type { Column } from './source.ts';

export type ExchangeDeps = Pick<RequestContext, 'db' | 'clock' | 'writer' | 'validator' | 'search' | 'grant'>;

/** What one row comes to. `before` and `after` are done around the write, for what is not in resources. */
export type Plan =
  | { problem: string }
  | { changes: Change[]; before?: () => Promise<void>; after?: () => Promise<void> };

export type RegisterExchange<Row> = {
  name: string;
  columns: readonly Column[];
  schema: ZodType<Row>;
  /** What a row is about; no two rows of a file are about the same. */
  keyOf(row: Row): string;
  /** The keys of rows that must be in before this one, where they stand in the same file. */
  afterKeys(row: Row): readonly string[];
  /** What a row would come to in an empty register, for finding what is wrong with it before anything is written. */
  sketch(row: Row): Resource[];
  /** One plan a row, against what is in the register now. */
  plan(deps: ExchangeDeps, rows: readonly Row[]): Promise<Plan[]>;
  /** Everything in the register, as rows. */
  rows(deps: ExchangeDeps, options: { mayKnowProtectedAddress: boolean }): AsyncIterable<Row>;
};

/** Updates only what has changed; the version and time of the stored one do not count. */
export function updateOf(before: Resource | undefined, after: Resource): Change[] {
  const { id = '' } = after;
  if (before === undefined) return [{ interaction: 'create', resource: after, id, fresh: true }];
  if (comparable(before) === comparable(after)) return [];
  const ifMatch = before.meta?.versionId;
  return [{ interaction: 'update', resource: after, id, ...(ifMatch === undefined ? {} : { ifMatch }) }];
}

function comparable(resource: Resource): string {
  const { meta, ...rest } = resource;
  const { versionId: _version, lastUpdated: _updated, ...otherMeta } = meta ?? {};
  return JSON.stringify(sorted({ ...rest, meta: otherMeta }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
}

/** Marks what the registers wrote, so that they never touch what others did. */
export const sourceOf = (register: string): string => `urn:fyr:register:${register}`;

/** Without the keys that are undefined, deeply: what a resource looks like once it is JSON. */
export function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
