/** The way to PostgreSQL: one pool, and what every statement relies on. SQL itself stands in the `store.ts` files. */
import postgres from 'postgres';
import { withWholeRows } from './db-whole-rows.ts';
import { Fault } from './fault.ts';

/** Timestamps are milliseconds since 1970, bigints are numbers (all ours stay below 2^53). */
type Types = { bigint: number; timestamptz: number };
export type Db = postgres.Sql<Types>;
export type Transaction = postgres.TransactionSql<Types>;

export type DatabaseOptions = {
  connectionsMax?: number;
  /** Longest time for one statement, milliseconds; 0 for none. */
  statementTimeoutMs?: number;
  applicationName?: string;
  /** What is acknowledged survives a power cut, though the database was set up otherwise. */
  isDurable?: true;
  /** Called with each statement as it is sent; for measuring. */
  onStatement?: (text: string, parameters: unknown[]) => void;
};

/**
 * Opens a pool. Named (prepared) statements always run their generic plan: their shape is chosen by us, so planning again is waste;
 * a statement whose plan should depend on its values carries them as literals and is not prepared.
 */
export function openDatabase(url: string, options: DatabaseOptions = {}): Db {
  const db = postgres(url, {
    ...socketHost(url),
    max: options.connectionsMax ?? 10,
    onnotice: () => {},
    ...(options.onStatement === undefined ? {} : { debug: watcher(options.onStatement) }),
    connection: {
      application_name: options.applicationName ?? 'fyr',
      TimeZone: 'UTC',
      plan_cache_mode: 'force_generic_plan',
      jit: 'off',
      statement_timeout: options.statementTimeoutMs ?? 0,
      ...(options.isDurable ? { synchronous_commit: 'on' } : {}),
    },
    types: {
      bigint: {
        to: 20,
        from: [20],
        parse: (text: string) => Number(text),
        serialize: (value: number) => String(value),
      },
      timestamptz: {
        to: 1184,
        from: [1184],
        parse: (text: string) => Date.parse(text),
        serialize: (ms: number) => new Date(ms).toISOString(),
      },
    },
  }) as unknown as Db;
  return withWholeRows(db);
}

/** A Unix socket stands in a URL as an encoded path (`postgres://fyr@%2Fdata%2Frun/fyr`); the driver wants it as an option. */
function socketHost(url: string): { host?: string } {
  const host = /^[^:]+:\/\/(?:[^@/]*@)?(%2F[^/:?]+)/i.exec(url)?.[1];
  return host === undefined ? {} : { host: decodeURIComponent(host) };
}

function watcher(onStatement: NonNullable<DatabaseOptions['onStatement']>) {
  return (_connection: number, text: string, parameters: unknown[]): void => onStatement(text, parameters);
}

/** SQLSTATE of a failed statement, or undefined when the error is not PostgreSQL's. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof postgres.PostgresError ? error.code : undefined;
}

const transient = new Set(['40P01', '40001']);

/** Runs a whole transaction again when PostgreSQL took it as the victim of a deadlock or a serialization failure. */
export async function retried<T>(work: () => Promise<T>, attempts = 5): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const state = sqlState(error);
      if (state === undefined || !transient.has(state) || attempt === attempts) throw asFault(error);
    }
  }
}

/** What lies on the disk can not be read: a checksum that fails, an index that leads nowhere, an error of the disk. */
export function isDamage(error: unknown): boolean {
  const state = sqlState(error);
  return state === 'XX001' || state === 'XX002' || state === '58030';
}

/** What a caller may be told of a database error: too costly, full, damaged, or not reachable. Others stay what they are: bugs. */
export function asFault(error: unknown): unknown {
  const state = sqlState(error);
  if (state === '57014')
    return new Fault('tooCostly', 'This took longer than is allowed. Narrow it down.', { cause: error });
  if (state === '53100')
    return new Fault('full', 'The disk of this node is full: nothing was written.', { cause: error });
  if (isDamage(error)) {
    const words =
      'What is stored here of this is damaged on the disk. It is fetched anew from another node that has it: try again in a minute.';
    return new Fault('unavailable', words, { cause: error, retryAfterSeconds: 60 });
  }
  if (state?.startsWith('08') || state?.startsWith('57P') || isConnectionError(error)) {
    return new Fault('unavailable', 'The database of this node cannot be reached right now.', { cause: error });
  }
  return error;
}

function isConnectionError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return (
    typeof code === 'string' &&
    /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|ENOENT|EPIPE|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT)/.test(code)
  );
}
