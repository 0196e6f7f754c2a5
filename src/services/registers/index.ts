/** The door of the registers: persons, personnel, organisations, addresses. */
import type { Committer } from '#fhir/record/committer.ts';
import type { FhirContext } from '#fhir/index.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { RegisterAccess } from './contract.ts';
import { exportRegister } from './exchange/export.ts';
import { importRegister, type ImportReport } from './exchange/import.ts';
import { exchangeOf, registerNames } from './exchange/registers.ts';
import { createFollower } from './follow.ts';
import { matchOperation } from './match/match.ts';
import { guardProtected, settleAll } from './persons/protect-address.ts';
import { registerRoutes } from './routes.ts';

export { registerNames };
export type { ImportReport };

/** What `createFhir` is handed: they are answered with the record's context. */
export const registerOperations = [matchOperation];

export type RegistersDeps = {
  context: Pick<FhirContext, 'db' | 'clock' | 'writer' | 'validator' | 'search' | 'terminology' | 'settings'>;
  committer: Pick<Committer, 'onWritten'>;
  /** A problem that nobody waits for an answer to. */
  report(event: string, error: unknown): void;
};

export type Registers = {
  /** Brings the derived tables up to what is written now. */
  catchUp(): Promise<void>;
  /** `register` is one of `registerNames`; the file's ending says its form. */
  importFile(
    register: string,
    path: string,
    options: { broken: 'skip' | 'stop'; signal: AbortSignal; onProgress?: (done: number, total: number) => void },
  ): Promise<ImportReport>;
  exportFile(
    register: string,
    path: string,
    options: { access: RegisterAccess; signal: AbortSignal; onProgress?: (rows: number) => void },
  ): Promise<number>;
  /** Opens the look-ups below `/registers`. `accessOf` says what a caller may know; left out, nobody may know protected addresses. */
  register(server: HttpServer, accessOf?: (request: unknown) => RegisterAccess): Promise<void>;
  /** What an operator and a client should know: code lists that are missing. */
  remarks(): readonly string[];
  start(): void;
  stop(): Promise<void>;
};

export async function createRegisters(deps: RegistersDeps): Promise<Registers> {
  const { context, committer, report } = deps;
  const follower = createFollower({
    db: context.db,
    committer,
    report,
    onPatients: (ids) => guardProtected(context, ids),
  });
  await settleAll(context);
  return {
    catchUp: () => follower.catchUp(),
    importFile: (register, path, options) =>
      importRegister(context, exchangeOf(register), path, { ...options, catchUp: () => follower.catchUp() }),
    exportFile: (register, path, { access, ...options }) =>
      exportRegister(context, exchangeOf(register), path, { ...options, ...access }),
    register: (server, accessOf) => registerRoutes(server, context, accessOf),
    remarks: () => [],
    start: () => follower.start(),
    stop: () => follower.stop(),
  };
}
