/** What the node above is asked, and what its answers change here. */
import type { Db } from '#kernel/db.ts';
import type { LocalUnit } from '../protocol/apply.ts';
import {
  ancestryOf,
  answered,
  drawToken,
  isIdle,
  nextRequest,
  type AnswerContext,
  type Session,
} from '../protocol/exchange.ts';
import type { Answer, FillPage, Request } from '../protocol/messages.ts';
import type { Leaving } from '../protocol/purge.ts';
import { keepSentMs } from '../protocol/keeping.ts';
import { rules } from '../protocol/rules.ts';
import { protocols } from '../protocol/serve.ts';
import { parentsFirst, type Version } from '../protocol/version.ts';
import type { Operation, Unit, View } from '../protocol/view.ts';
import { besides, leavingOf, type Besides } from './besides.ts';
import * as graph from './graph-store.ts';
import { carry, graceMsDefault, messageBytesDefault, type Held, type SyncNodeDeps } from './held.ts';
import * as line from './line-store.ts';
import type { Loaded } from './loading.ts';
import { bucketOfUnit, keysOfUnit, precedes } from './units.ts';

const bucketsTotal = 1024;
/** Operations forgotten at once. */
const forgottenMax = 10_000;

export function copyOf(session: Session): Session {
  return { ...session, denied: new Set(session.denied) };
}

/** What to ask next, and the session after it. */
export async function ask(
  node: SyncNodeDeps,
  held: Held,
  session: Session,
  limit: number,
): Promise<{ session: Session; request: Request | undefined }> {
  const { line: own, loaded } = held;
  if (node.facts.upstream === undefined) return { session, request: undefined };
  const drawn = session.isWelcome ? [] : drawToken(session, own, node.ids.uuid());
  await carry(held, drawn, 'above');
  const contact =
    drawn.length === 0 ? own.contact : { ...own.contact, tried: [...own.contact.tried, session.token as string] };
  const filling = [...loaded.holdings()]
    .filter(([, { state, isStuck }]) => state === 'filling' && !isStuck)
    .map(([unit, { after }]) => ({ unit, after }))
    .sort((a, b) => Number(b.unit.startsWith('#')) - Number(a.unit.startsWith('#')));
  const waiting = await waitingOperations(held, limit, node.messageBytes ?? messageBytesDefault);
  const more: Besides = isIdle(session, { waiting, filling }) ? await besides(node, held, session) : {};
  const spoken = node.protocols?.() ?? protocols;
  const contacted = { ...own, contact };
  const wanted = { line: contacted, waiting, filling, ...more, protocols: spoken, clock: node.clock.now(), limit };
  const request = nextRequest(session, wanted);
  // Each night they greet each other anew.
  if (more.isAllCompared) session.isWelcome = false;
  return { session, request };
}

async function waitingOperations({ db, loaded }: Held, limit: number, bytesMax: number): Promise<Operation[]> {
  const operations: Operation[] = [];
  for (const { operation, withAncestry } of await line.readOutbox(db, limit, bytesMax)) {
    if (!withAncestry) operations.push(operation);
    else {
      const ancestry = await loaded.decide((view) => ancestryOf(operation, (key) => view.resource(key)));
      operations.push({ ...operation, ancestry });
    }
  }
  return operations;
}

/** Makes durable what an answer changes; gives the session after it. */
export async function take(
  node: SyncNodeDeps,
  held: Held,
  { session, request, answer }: { session: Session; request: Request; answer: Answer },
): Promise<Session> {
  const { db, loaded } = held;
  await prepareAnswer(loaded, answer);
  const context = await contextOf(node, held, request, answer);
  const { after, effects } = await loaded.decide((view) => {
    const after = copyOf(session);
    return { after, effects: answered(view, after, request, answer, context(view), rules) };
  });
  const told = answer.kind === 'welcome' || answer.kind === 'verdicts' ? answer.clock : undefined;
  const upstreamNow = told ?? held.deps.now + after.upstreamAheadMs;
  await carry({ ...held, deps: { ...held.deps, upstreamNow } }, effects, 'above');
  // In contact, and by the clock up there: our own may be years wrong.
  if (answer.kind === 'welcome') await line.forgetTaken(db, answer.clock - keepSentMs, forgottenMax);
  return after;
}

/** What an answer is about is loaded at once: a decision that asks for it one by one is made again for each. */
async function prepareAnswer(loaded: Loaded, answer: Answer): Promise<void> {
  const versions =
    answer.kind === 'page'
      ? answer.entries.map(({ version }) => version)
      : answer.kind === 'fillPages'
        ? answer.pages.flatMap(({ resources }) => resources.flatMap((resource) => resource.versions))
        : [];
  await loaded.prepare(versions.map(({ resource }) => ({ resource, patient: undefined })));
  await loaded.prepareReasons(versions.flatMap(({ patient }) => patient ?? []));
}

async function contextOf(
  node: SyncNodeDeps,
  held: Held,
  request: Request,
  answer: Answer,
): Promise<(view: View) => AnswerContext> {
  const { db, loaded, line: own } = held;
  const patients = [...loaded.holdings().keys()].filter((unit) => !unit.startsWith('#'));
  // Asked only where it is needed: much may wait.
  const asksWaiting = answer.kind === 'fillPages' || answer.kind === 'welcome';
  const waiting = asksWaiting ? await line.readWaitingNames(db) : new Set<string>();
  const isWaiting = (resource: string, version: string): boolean => waiting.has(`${resource} ${version}`);
  const keys = new Map<Unit, string[]>();
  const heads = await graph.readSyncHeads(db);
  for (const { unit } of answer.kind === 'fillPages' ? answer.pages : [])
    if (heads.has(bucketOfUnit(unit))) keys.set(unit, await keysOfUnit(db, loaded, unit, node.facts));
  const buckets = Array.from({ length: bucketsTotal }, (_, bucket) => bucket);
  const leaving =
    answer.kind === 'welcome' ? patients.filter((unit) => loaded.holdings().get(unit)?.state === 'leaving') : [];
  const versions = new Map<Unit, Version[]>();
  for (const unit of leaving) versions.set(unit, await settledVersions(db, loaded, unit, isWaiting));
  const left = request.kind === 'vouch' ? await leavingOf(held, request.patient) : undefined;
  const nobody = { keys: [], unsent: 0, isReadBelow: (): boolean => true, isTaken: (): boolean => false };
  const leavingNow = (patient: Unit): Leaving => (left?.patient === patient ? left : { patient, ...nobody });
  const versionsOf = (unit: Unit): readonly Version[] => versions.get(unit) ?? [];
  const local = (view: View, { unit, after, next }: FillPage): LocalUnit => ({
    keys: (keys.get(unit) ?? []).filter(
      (key) =>
        (after === undefined || precedes(view, after, key)) && (next === undefined || !precedes(view, next, key)),
    ),
    isWaiting,
  });
  const graceMs = node.graceMs ?? graceMsDefault;
  return (view) => ({
    line: own,
    buckets,
    held: patients,
    local: (page) => local(view, page),
    leaving: leavingNow,
    graceMs,
    versionsOf,
  });
}

async function settledVersions(
  db: Db,
  loaded: Loaded,
  patient: Unit,
  isWaiting: (resource: string, version: string) => boolean,
): Promise<Version[]> {
  const keys = await graph.readKeys(db, bucketOfUnit(patient), patient);
  await loaded.prepare(keys.map((resource) => ({ resource, patient })));
  return loaded.decide((view) =>
    keys
      .flatMap((key) => parentsFirst(view.resource(key)?.versions.values() ?? []))
      .filter(({ resource, id, content }) => content !== undefined && !isWaiting(resource, id)),
  );
}
