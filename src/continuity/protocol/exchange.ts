/** The lower side of a line: what to ask next, and what an answer changes. The shell keeps the session in memory only: a new one begins with hello. */
import { applyAhead, applyFill, applyPage, fillRefused, followTold, sendAll, type LocalUnit } from './apply.ts';
import { createDraft } from './draft.ts';
import type { Effect } from './effects.ts';
import { bucketUnit } from './membership.ts';
import type { Answer, FillPage, Request, VouchedFor } from './messages.ts';
import { purgeVouched, type Leaving } from './purge.ts';
import type { Rules } from './rules.ts';
import { isAncestor, parentsFirst, type Version } from './version.ts';
import type { Operation, Unit, Verdict, View } from './view.ts';

/** What a node remembers of its line, durable. */
export type LineState = {
  /** The line of upstream's history that the cursor belongs to; undefined: it has never been in contact. */
  readonly epoch: string | undefined;
  readonly cursor: ReadonlyMap<number, number>;
  readonly contact: { readonly confirmed: string; readonly tried: readonly string[] };
  readonly life: number;
};

export type Session = {
  isWelcome: boolean;
  /** The token that this process asks for: drawn by itself, so that a copy of the node asks for another. */
  token: string | undefined;
  protocol: number;
  /** The last page said that there is more, or none has come yet. */
  isBehind: boolean;
  /** How far the lane of what decides who may read has been read beyond the cursor, in this contact. */
  ahead: ReadonlyMap<number, number>;
  /** There is more in that lane. */
  isAheadBehind: boolean;
  /** By our own clock, when it was asked for last in this contact. */
  aheadAt: number | undefined;
  /** How many questions besides sending, filling and reading were asked since the feed was read last. */
  besides: number;
  /** What is here is compared with upstream: up to and with this unit so far. Undefined: not now. */
  comparing: { after: Unit | undefined } | undefined;
  /** Upstream's clock less ours, milliseconds, as of the hello. */
  upstreamAheadMs: number;
  /** By our own clock, when what was asked last was asked. */
  askedAt: number;
  /** Counts requests, so that sending, reading and filling take turns. */
  turn: number;
  /** Refused as a copy of another node, or for want of a common protocol: a person must act. */
  refused: 'stranger' | 'copy' | 'protocol' | undefined;
  /** Units that upstream did not give us, or has not whole itself: until something has gone up or come down that may be the reason, and now and then. */
  denied: Set<Unit>;
  /** By our own clock, when one was denied last. */
  deniedAt: number;
};

export function newSession(): Session {
  return {
    isWelcome: false,
    token: undefined,
    protocol: 0,
    isBehind: true,
    ahead: new Map(),
    isAheadBehind: false,
    aheadAt: undefined,
    besides: 0,
    comparing: undefined,
    upstreamAheadMs: 0,
    askedAt: 0,
    turn: 0,
    refused: undefined,
    denied: new Set(),
    deniedAt: 0,
  };
}

export type Wanted = {
  line: LineState;
  /** Waiting operations, in order; those that must be sent with what they build upon have it. */
  waiting: readonly Operation[];
  /** Units to fill, the most needed first. */
  filling: readonly { unit: Unit; after: string | undefined }[];
  /** Of a patient who leaves and whose time is over, what the node above must have before it goes from here. */
  leaving?: { readonly patient: Unit; readonly names: readonly VouchedFor[] };
  /** Digests of the units to compare next. */
  compare?: ReadonlyMap<Unit, string>;
  protocols: { oldest: number; newest: number };
  clock: number;
  limit: number;
  /** Nothing is asked ahead of its turn: runs of the simulation, in which that would leave fewer steps for all else. */
  isAheadOff?: boolean;
};

/** All that the node knows of what the versions of an operation build upon: sent with it to an upstream that needs it. */
export function ancestryOf({ versions }: Operation, resource: View['resource']): Version[] {
  const own = new Set(versions.map((version) => `${version.resource} ${version.id}`));
  return [...new Set(versions.map((version) => version.resource))].flatMap((key) => {
    const known = resource(key)?.versions ?? new Map<string, Version>();
    const built = versions.filter((version) => version.resource === key);
    const isBelow = ({ id }: Version): boolean => built.some((version) => isAncestor(known, id, version.id));
    return parentsFirst(known.values()).filter((version) => !own.has(`${key} ${version.id}`) && isBelow(version));
  });
}

/** After how long what was denied is asked for again. */
const denialMs = 2000;

const triedMax = 64;
/** While anything else is to be read, filled or sent, what decides who may read is asked for as often as this. */
const aheadEveryMs = 1000;
/** Units asked for at once. */
const unitsMax = 256;

/** To be made durable before the first hello of a process: the token that it will ask for. */
export function drawToken(session: Session, line: LineState, fresh: string): readonly Effect[] {
  if (session.token !== undefined) return [];
  session.token = fresh;
  const { confirmed, tried } = line.contact;
  return [{ kind: 'contact', confirmed, tried: [...tried.slice(1 - triedMax), fresh] }];
}

/** The next request. While nothing is to be done it is a pull, which the upstream may answer when it has something. */
export function nextRequest(session: Session, wanted: Wanted): Request {
  const { line, waiting, limit } = wanted;
  const { confirmed, tried } = line.contact;
  // A copy that was refused hands over what it alone may have; each operation is judged by its id, as any that comes twice.
  if (session.refused === 'copy' && waiting.length > 0)
    return { kind: 'handOver', operations: waiting.slice(0, limit) };
  if (!session.isWelcome || line.epoch === undefined)
    return { kind: 'hello', protocols: wanted.protocols, life: line.life, confirmed, tried, clock: wanted.clock };
  const token = confirmed;
  if (isAheadDue(session, wanted)) {
    session.aheadAt = wanted.clock;
    return { kind: 'rights', token, epoch: line.epoch, cursor: furthest(line.cursor, session.ahead), limit };
  }
  session.turn++;
  if (Math.abs(wanted.clock - session.deniedAt) > denialMs) session.denied.clear();
  const filling = wanted.filling.filter(({ unit }) => !session.denied.has(unit)).slice(0, unitsMax);
  const fills = filling.length > 0;
  session.askedAt = wanted.clock;
  if (waiting.length > 0 && (session.turn % 2 === 0 || (!session.isBehind && !fills)))
    return { kind: 'push', token, operations: waiting.slice(0, limit) };
  if (fills && (session.turn % 3 !== 0 || !session.isBehind)) return { kind: 'fill', token, units: filling, limit };
  const besides = isIdle(session, wanted) ? besidesOf(session, wanted, token) : undefined;
  if (besides && session.besides++ < besidesMax) return besides;
  session.besides = 0;
  return { kind: 'pull', token, epoch: line.epoch, cursor: line.cursor, limit };
}

/** First in a contact, and then before whatever else takes long. A node of the protocol before does not know the question. */
function isAheadDue(session: Session, wanted: Wanted): boolean {
  const { aheadAt, isAheadBehind, protocol } = session;
  if (protocol < rightsProtocol || wanted.isAheadOff === true) return false;
  if (aheadAt === undefined || isAheadBehind) return true;
  return Math.abs(wanted.clock - aheadAt) >= aheadEveryMs && !isIdle(session, wanted);
}

function furthest(
  cursor: ReadonlyMap<number, number>,
  ahead: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const all = new Map(cursor);
  for (const [bucket, n] of ahead) all.set(bucket, Math.max(n, all.get(bucket) ?? 0));
  return all;
}

/** True when nothing is to be sent, filled or read: then what is here is compared, and what nobody needs here goes. */
export function isIdle(
  { isWelcome, isBehind, denied }: Session,
  { waiting, filling }: Pick<Wanted, 'waiting' | 'filling'>,
): boolean {
  return isWelcome && !isBehind && waiting.length === 0 && filling.every(({ unit }) => denied.has(unit));
}

const besidesMax = 8;

function besidesOf(session: Session, { leaving, compare }: Wanted, token: string): Request | undefined {
  if (leaving && mayVouch(session)) return { kind: 'vouch', token, ...leaving };
  return compare && { kind: 'compare', token, digests: compare };
}

/** A node of the protocol before does not know the question: nothing is removed until it has been upgraded. */
export function mayVouch({ protocol }: Session): boolean {
  return protocol >= vouchProtocol;
}

const vouchProtocol = 3;
const rightsProtocol = 3;

/** Versions asked about at once. */
export const vouchMax = 10_000;

export type AnswerContext = {
  line: LineState;
  /** Buckets that exist, for the units that a new epoch makes us compare. */
  buckets: readonly number[];
  /** The patients that the node holds. */
  held: readonly Unit[];
  local: (page: FillPage) => LocalUnit;
  /** A patient who leaves, as the shell finds it when the answer has come. */
  leaving: (patient: Unit) => Leaving;
  graceMs: number;
  /** What the node knows of a patient and has sent already, or never wrote. */
  versionsOf: (patient: Unit) => readonly Version[];
};

/** What an answer changes. Durable effects come back; the session is changed in place. */
export function answered(
  view: View,
  session: Session,
  request: Request,
  answer: Answer,
  context: AnswerContext,
  rules: Rules,
): readonly Effect[] {
  switch (answer.kind) {
    case 'welcome':
      return welcomed(view, session, request, answer, context, rules);
    case 'refused':
      session.isWelcome = false;
      if (answer.why !== 'hello') session.refused = answer.why;
      return [];
    case 'verdicts':
      session.denied.clear();
      return answer.verdicts.flatMap(({ operation, verdict }) => verdictEffects(operation, verdict));
    case 'page':
      if (answer.epoch !== context.line.epoch) return anew(session);
      session.isBehind = answer.hasMore;
      if (answer.entries.length > 0) session.denied.clear();
      return applyPage(view, answer, (bucket) => context.line.cursor.get(bucket) ?? 0, rules);
    case 'ahead': {
      if (answer.epoch !== context.line.epoch) return anew(session);
      session.isAheadBehind = answer.hasMore;
      session.ahead = furthest(session.ahead, new Map(answer.spans.map(({ bucket, to }) => [bucket, to])));
      return applyAhead(view, answer, rules);
    }
    case 'fillPages': {
      if (answer.epoch !== context.line.epoch) return anew(session);
      const draft = createDraft(view);
      session.deniedAt = view.now;
      for (const page of answer.pages) {
        applyFill(draft, page, answer.epoch, context.local(page), rules);
        if (page.next === undefined && !page.isWhole) session.denied.add(page.unit);
      }
      followTold(draft, answer.told ?? [], rules);
      for (const unit of answer.notYours) {
        session.denied.add(unit);
        fillRefused(draft, unit);
      }
      return draft.effects;
    }
    case 'compared': {
      if (request.kind !== 'compare') return [];
      if (session.comparing) session.comparing = { after: [...request.digests.keys()].at(-1) };
      return compared(view, request.digests, new Set(answer.different));
    }
    case 'vouched': {
      if (answer.epoch !== context.line.epoch) return anew(session);
      if (request.kind !== 'vouch') return [];
      const draft = createDraft(view);
      const { names, patient } = request;
      const asked = { names, at: session.askedAt, graceMs: context.graceMs };
      purgeVouched(draft, context.leaving(patient), asked, answer, rules);
      return draft.effects;
    }
    case 'later':
      return [];
  }
}

/** What differs is filled again, which mends either side. What was stuck and is equal after all is whole. */
function compared(view: View, digests: ReadonlyMap<Unit, string>, different: ReadonlySet<Unit>): readonly Effect[] {
  const draft = createDraft(view);
  for (const unit of digests.keys()) {
    const holding = draft.holding(unit);
    if (holding === undefined || holding.state === 'leaving') continue;
    if (different.has(unit)) draft.hold(unit, { state: 'filling', since: view.now });
    else if (holding.isStuck) draft.hold(unit, { state: 'whole', since: view.now });
  }
  return draft.effects;
}

function anew(session: Session): readonly Effect[] {
  session.isWelcome = false;
  return [];
}

function verdictEffects(operation: string, verdict: Verdict): Effect[] {
  if (verdict.kind === 'later') return [];
  if (verdict.kind === 'needs') return [{ kind: 'ancestry', operation }];
  return [{ kind: 'answered', operation, verdict }];
}

/**
 * Upstream knows us. When it is not the upstream that we knew (restored, or never met), our cursor means nothing to it: we go on from where it is now,
 * send again what we sent, and fill every unit anew, which finds what it has and what only we still have.
 */
function welcomed(
  view: View,
  session: Session,
  request: Request,
  answer: Extract<Answer, { kind: 'welcome' }>,
  context: AnswerContext,
  rules: Rules,
): readonly Effect[] {
  if (request.kind !== 'hello') return [];
  session.isWelcome = true;
  session.isBehind = true;
  Object.assign(session, { ahead: new Map(), isAheadBehind: false, aheadAt: undefined });
  session.comparing = { after: undefined };
  session.upstreamAheadMs = answer.clock - view.now;
  session.refused = undefined;
  session.denied.clear();
  session.protocol = answer.protocol;
  const draft = createDraft(view);
  session.token = undefined;
  draft.effect({ kind: 'contact', confirmed: request.tried.at(-1) ?? '', tried: [] });
  if (context.line.epoch === answer.epoch) return draft.effects;
  const resumes = rules.resumes(context.line.epoch, answer.epoch);
  draft.effect({ kind: 'epoch', epoch: answer.epoch, cursor: resumes ? context.line.cursor : answer.heads });
  if (resumes) return draft.effects;
  for (const unit of [...context.buckets.map(bucketUnit), ...context.held]) {
    const isUnproven = true;
    if (draft.holding(unit)?.state !== 'leaving') draft.hold(unit, { state: 'filling', since: view.now, isUnproven });
    // Of whom no reason keeps here we are given nothing to compare with; what we have may be all that is left of it.
    else {
      sendAll(draft, answer.epoch, context.versionsOf(unit));
      draft.hold(unit, { state: 'leaving', since: draft.holding(unit)?.since ?? view.now, isUnproven });
    }
  }
  return draft.effects;
}
