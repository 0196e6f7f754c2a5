/**
 * The shell of the sync rules over PostgreSQL: loads what a decision asks for, carries its effects out in one transaction, and only then answers. One
 * transaction at a time (`sync_line` is the lock), whatever the number of processes.
 */
import { retried, type Db } from '#kernel/db.ts';
import type { Write } from '#fhir/record/write-store.ts';
import type { Effect } from '../protocol/effects.ts';
import type { Session } from '../protocol/exchange.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import { release } from '../protocol/receive.ts';
import { rules } from '../protocol/rules.ts';
import type { Version } from '../protocol/version.ts';
import type { View } from '../protocol/view.ts';
import { writeHere, type Change, type Refusal } from '../protocol/write.ts';
import { ask, copyOf, take } from './asking.ts';
import { CameBetween } from './carry-out.ts';
import { carry, type Held, type ReadBelow, type SyncNodeDeps } from './held.ts';
import * as line from './line-store.ts';
import { createLoaded } from './loading.ts';
import { sealLocalWrites } from './seal.ts';
import { serve } from './serving.ts';

export type SyncNode = {
  /** What a node below is answered; `from` is the name that its certificate proved. */
  serve(from: string, request: Request): Promise<Answer>;
  /** What to ask the node above now; undefined: nothing may be asked. */
  ask(session: Session): Promise<Request | undefined>;
  /** Takes in what was answered. */
  take(session: Session, request: Request, answer: Answer): Promise<void>;
  /** Takes what people wrote here into the graph. */
  seal(): Promise<void>;
  /**
   * Writes what only the sync rules can: a settling that names every version in conflict as a parent, custody passed on, a request at its home. All
   * changes become true together and go up as one operation. Who may write, and whether the content is valid, the caller has seen to.
   */
  write(changes: readonly Change[]): Promise<Refusal | { versions: readonly Version[] }>;
  /** Makes effects durable that no message brought: what a new map of places changes, say. */
  change(patients: readonly string[], effects: (view: View) => readonly Effect[]): Promise<void>;
  /** Tries set-aside operations again. */
  releaseSetAside(): Promise<number>;
};

type Running = SyncNodeDeps & { readonly readBelow: ReadBelow };

const pageLimitDefault = 500;

export function createSyncNode(given: SyncNodeDeps): SyncNode {
  const node: Running = { ...given, readBelow: new Map() };
  const pageLimit = node.pageLimit ?? pageLimitDefault;
  const locked = <T>(work: (held: Held) => Promise<T>): Promise<T> => inTransaction(node, work);
  return {
    serve: (from, request) => locked((held) => serve(node, held, from, request)),
    seal: () => locked(() => Promise.resolve()),
    write: (changes) => locked((held) => write(node, held, changes)),
    // What is remembered in memory rests on what is durable, so it changes when the transaction has ended.
    async ask(session) {
      const asked = await locked((held) => ask(node, held, copyOf(session), pageLimit));
      Object.assign(session, asked.session);
      return asked.request;
    },
    async take(session, request, answer) {
      Object.assign(session, await locked((held) => take(node, held, { session: copyOf(session), request, answer })));
    },
    releaseSetAside: () => locked((held) => releaseSetAside(held)),
    change: (patients, effects) =>
      locked(async (held) => {
        await held.loaded.prepareReasons(patients);
        await carry(held, await held.loaded.decide(effects), 'above');
      }),
  };
}

/** All under the lock of the line, with what people wrote here taken in first: what is judged is judged against all that is here. */
async function inTransaction<T>(node: Running, work: (held: Held) => Promise<T>): Promise<T> {
  // Much that people wrote is taken in by transactions of its own: who comes meanwhile need not wait for all of it.
  for (;;) {
    const outcome = await oneTransaction(node, async (held) =>
      (await sealOnePage(held)) ? undefined : { result: await work(held) },
    );
    if (outcome !== undefined) return outcome.result;
  }
}

async function sealOnePage({ db, loaded, deps }: Held): Promise<boolean> {
  return sealLocalWrites(db, loaded, deps, pageLimitDefault);
}

async function oneTransaction<T>(node: Running, work: (held: Held) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { result, writes } = await retried(() =>
        node.db.begin((transaction) => underLock(node, transaction as unknown as Db, work)),
      );
      if (writes.length > 0) node.onApplied(writes);
      return result as T;
    } catch (error) {
      if (!(error instanceof CameBetween) || attempt === 20) throw error;
    }
  }
}

async function underLock<T>(
  node: Running,
  db: Db,
  work: (held: Held) => Promise<T>,
): Promise<{ result: T; writes: Write[] }> {
  const own = await line.lockLine(db, node.ids.uuid());
  const now = node.clock.now();
  const { vocabulary, extract, facts, readBelow } = node;
  const deps = { extract, vocabulary, now, upstreamNow: now };
  const loaded = await createLoaded(db, facts, { now, heard: own.heard, vocabulary });
  const writes: Write[] = [];
  const result = await work({ db, line: own, loaded, deps, writes, readBelow });
  return { result, writes };
}

async function write(
  node: SyncNodeDeps,
  held: Held,
  changes: readonly Change[],
): Promise<Refusal | { versions: readonly Version[] }> {
  await held.loaded.prepare(changes);
  await held.loaded.prepareReasons(changes.flatMap(({ patient }) => patient ?? []));
  const id = node.ids.uuid();
  const written = await held.loaded.decide((view) => writeHere(view, id, changes, rules));
  if ('refusal' in written) return written.refusal;
  await carry(held, written.effects, 'here');
  return { versions: written.operation.versions };
}

async function releaseSetAside(held: Held): Promise<number> {
  let released = 0;
  for (const operation of await line.readSetAside(held.db)) {
    const taken = await held.loaded.decide((view) => release(view, operation, rules));
    if (!taken) continue;
    await carry(held, taken.effects, 'below');
    released++;
  }
  return released;
}
