/** The door of the registers: persons, personnel, organisations, addresses. */
import type { Committer } from '#fhir/record/committer.ts';
import type { RequestContext } from '#fhir/index.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { OutgoingRules } from '#kernel/outgoing-rules.ts';
import type { RegisterAccess } from './contract.ts';
import { addCodeLists, type AddedLists, type AddOptions } from './code-lists/add-code-lists.ts';
import { createCodeLists } from './code-lists/code-lists.ts';
import { isListFile } from './code-lists/list-file.ts';
import { shipLists } from './code-lists/ship-lists.ts';
import { exportRegister } from './exchange/export.ts';
import { importRegister, type ImportReport } from './exchange/import.ts';
import { exchangeOf, registerNames } from './exchange/registers.ts';
import { deriveAgain } from './derive-again.ts';
import { createFollower } from './follow.ts';
import { matchOperation } from './match/match.ts';
import { checkCertificates, type CheckedCertificates } from './parties/check-certificates.ts';
import { fetchBytesBy, followCertificates } from './parties/follow-certificates.ts';
import { settleAll } from './persons/protect-address.ts';
import { protectAddresses, type ProtectedPerson } from './persons/protect-persons.ts';
import { unsettle } from './persons/protected-address-store.ts';
import { registerRoutes } from './routes.ts';
import type { RegisterDoor } from './visit.ts';

export { isListFile, registerNames };
export { volven as volvenUrl } from './register-codes.ts';
export type { AddedLists, ImportReport, ProtectedPerson };
export type { RegisterDoor, RegisterPart, RegisterVisit } from './visit.ts';

/** What `createFhir` is handed: they are answered with the record's context. */
export const registerOperations = [matchOperation];

export type RegistersDeps = {
  context: Pick<
    RequestContext,
    'db' | 'clock' | 'writer' | 'validator' | 'search' | 'terminology' | 'settings' | 'grant'
  >;
  committer: Pick<Committer, 'onWritten'>;
  /** Where certificates' issuers and their revocation lists may be fetched; with no host, revocation stays unknown. */
  certificates?: OutgoingRules;
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
  /** Adds the code lists of a file that is none of FHIR's (`isListFile`); its forms are told in docs/registers.md. */
  addCodeLists(path: string, options: AddOptions): Promise<AddedLists>;
  exportFile(
    register: string,
    path: string,
    options: { access: RegisterAccess; signal: AbortSignal; onProgress?: (rows: number) => void },
  ): Promise<number>;
  /**
   * Notes the protected addresses of persons who are here (known by number, `protectAddress` in `persons/`), and clears their records of any.
   * Answers how many are here. What is noted already stays as it is.
   */
  protectAddresses(persons: Iterable<ProtectedPerson>): Promise<number>;
  /** Opens the look-ups below `/registers` for those whom the door lets in. */
  register(server: HttpServer, door: RegisterDoor): Promise<void>;
  /** Asks the issuers of the endpoints' certificates whose time has come; undefined where the node has no way out. */
  checkCertificates(signal: AbortSignal): Promise<CheckedCertificates | undefined>;
  /** What an operator and a client should know: code lists that are missing. */
  remarks(): readonly string[];
  /** Begins to follow the feed, and loads the small lists that the program ships where they are not in yet. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

export async function createRegisters(deps: RegistersDeps): Promise<Registers> {
  const { context, committer, report } = deps;
  const follower = createFollower({
    db: context.db,
    committer,
    report,
    noteExposed: unsettle,
    hideExposed: () => settleAll(context),
  });
  const { certificates } = deps;
  const fetchBytes = certificates?.hostsAllowed.length ? fetchBytesBy(certificates) : undefined;
  const stopping = new AbortController();
  let again: Promise<void> = Promise.resolve();
  let checking: Promise<void> = Promise.resolve();
  await settleAll(context);
  const codeLists = await createCodeLists({ context, committer, report });
  return {
    catchUp: () => follower.catchUp(),
    importFile: (register, path, options) =>
      importRegister(context, exchangeOf(register), path, { ...options, catchUp: () => follower.catchUp() }),
    addCodeLists: (path, options) => addCodeLists(context, path, options),
    exportFile: (register, path, { access, ...options }) =>
      exportRegister(context, exchangeOf(register), path, { ...options, ...access }),
    async protectAddresses(persons) {
      await follower.catchUp();
      return protectAddresses(context, persons);
    },
    register: (server, door) => registerRoutes(server, { context, codeLists }, door),
    checkCertificates: async (signal) =>
      fetchBytes === undefined ? undefined : checkCertificates(context, fetchBytes, signal),
    remarks: () => codeLists.remarks(),
    async start() {
      follower.start();
      if (fetchBytes !== undefined) checking = followCertificates(context, fetchBytes, stopping.signal, report);
      again = deriveAgain(context, stopping.signal).catch((error: unknown) => report('registers', error));
      await shipLists(context, codeLists).catch((error: unknown) => report('code lists', error));
    },
    async stop() {
      stopping.abort();
      await again;
      await checking;
      await follower.stop();
    },
  };
}
