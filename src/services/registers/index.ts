/** The door of the registers: persons, personnel, organisations, addresses. */
import type { Committer } from '#fhir/record/committer.ts';
import type { FhirContext } from '#fhir/index.ts';
import type { HttpServer } from '#kernel/http.ts';
import { noAccess, type RegisterAccess } from './contract.ts';
import { createFollower } from './follow.ts';
import { matchOperation } from './match/match.ts';

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
  /** Opens the look-ups below `/registers`. `accessOf` says what a caller may know; left out, nobody may know protected addresses. */
  register(server: HttpServer, accessOf?: (request: unknown) => RegisterAccess): Promise<void>;
  /** What an operator and a client should know: code lists that are missing. */
  remarks(): readonly string[];
  start(): void;
  stop(): Promise<void>;
};

export async function createRegisters(deps: RegistersDeps): Promise<Registers> {
  const follower = createFollower({ db: deps.context.db, committer: deps.committer, report: deps.report });
  return {
    catchUp: () => follower.catchUp(),
    async register(_server, accessOf = () => noAccess) {
      void accessOf;
    },
    remarks: () => [],
    start: () => follower.start(),
    stop: () => follower.stop(),
  };
}
