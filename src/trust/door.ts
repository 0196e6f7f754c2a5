/** The door of a node: every request that touches the record, or is answered by a JSON route, comes in here and leaves its entries in the log. */
import type { FastifyRequest } from 'fastify';
import type { Admission, Doorkeeper, Grant } from '#fhir/index.ts';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { AccessAction, AccessLog } from './access-log/entry.ts';
import { actionOf, queryOf } from './asked.ts';
import type { Caller } from './caller.ts';
import { callerKey, frameOf, ownerKey, subjectFrame, type SubjectFrame } from './frame.ts';
import { asGrant, backgroundGrant } from './grant.ts';
import { findOwner, keepOwner } from './owner-store.ts';
import { RequestGrant, type Decider } from './request-grant.ts';
import { maySetRegisters } from './policy/own-writing.ts';
import { inLanguage, languageIn } from './policy/refusal.ts';
import type { Subject } from './subject.ts';
import { challenge } from './tokens/index.ts';

export type DoorDeps = {
  db: Db;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  log: AccessLog;
  /** Who sent a request; undefined where it carries no credentials. */
  identify(request: FastifyRequest): Promise<Caller | undefined>;
  /** False for a system that was taken away since: its work does not go on. */
  isStillHere(subject: Subject): Promise<boolean>;
  /** The policy's view of one caller. */
  deciderOf(caller: Caller): Promise<Decider>;
  /** Counts the request against what its sender may ask in a second, and at once: a promise is the wait for its turn. Fault `busy`. */
  limit(subjectKey: string, request: object, kind: 'person' | 'system'): Promise<void> | undefined;
};

export type Entered = Admission & { caller: Caller };

/** What the request is, as a whole, and how it was asked. */
type What = { action: AccessAction; query?: string | undefined };

export type Door = {
  /** For the FHIR API. */
  admit: Doorkeeper;
  /** Who asks. Throws a Fault `unauthenticated` where nobody signed in. */
  require(request: FastifyRequest): Promise<Caller>;
  /** For a JSON route that reads or writes the record: who asks, and with what grant; `end` leaves the log entries. */
  enter(request: FastifyRequest, what: What): Promise<Entered>;
  /** The same for one who is known already, without a request of her own. */
  enterAs(caller: Caller, what: What): Promise<Entered>;
  /** With rights of another kind than the caller's own: what trust decided for this request alone. */
  enterBy(caller: Caller, decider: Decider, what: What): Promise<Entered>;
  /** A grant for work that goes on for somebody. */
  ofOwner(key: string | undefined, work: 'export' | 'subscription'): Promise<Grant>;
  /** Resolves when what a grant of `ofOwner` saw since the last time is in the log. */
  told(grant: Grant): Promise<void>;
  /** Whose grant it is, where the door gave it. */
  callerOf(grant: Grant): Caller | undefined;
};

/** What may be asked without saying who one is. */
const isPublic = ({ method, segments }: { method: string; segments: readonly string[] }): boolean =>
  (method === 'GET' || method === 'HEAD') && segments.length === 1 && segments[0] === 'metadata';

const nothing: Grant = asGrant({
  owner: undefined,
  mayChooseIds: false,
  reach: () => Promise.resolve({ kind: 'nothing' }),
  allowWrites: () => Promise.reject(new Fault('forbidden', 'Sign in first.')),
  allowOperation: () => Promise.reject(new Fault('forbidden', 'Sign in first.')),
  saw: () => {},
  missed: () => {},
});

export function createDoor(deps: DoorDeps): Door {
  const { db, clock, ids, log, identify, limit } = deps;
  const callers = new WeakMap<Grant, Caller>();
  const ofOwners = new WeakMap<Grant, RequestGrant>();
  const known = rememberSubjects();

  const require = async (request: FastifyRequest): Promise<Caller> => {
    const caller = await identify(request);
    if (caller === undefined)
      throw new Fault('unauthenticated', 'Sign in first: this is not for everybody.', { challenge });
    const { key } = known(caller.subject);
    const kind = caller.subject.kind === 'system' ? 'system' : 'person';
    const turn = key === undefined ? undefined : limit(key, request, kind);
    if (turn !== undefined) await turn;
    return caller;
  };

  const open = async (caller: Caller, decider: Decider, { action, query }: What): Promise<RequestGrant> => {
    const { owner, frame } = known(caller.subject);
    const opened = new RequestGrant({
      decider,
      log,
      clock,
      frame: frameOf(caller, ids.uuid(), frame),
      action,
      query,
      owner,
      mayChooseIds: maySetRegisters(caller.subject),
      keepOwner: async () => {
        if (owner !== undefined) await keepOwner(db, owner, caller.subject, clock.now());
      },
    });
    callers.set(opened.grant, caller);
    return opened;
  };

  const enterBy: Door['enterBy'] = async (caller, decider, what) => {
    const opened = await open(caller, decider, what);
    return { caller, grant: opened.grant, end: (outcome) => opened.end(outcome) };
  };
  const enterAs: Door['enterAs'] = async (caller, what) => enterBy(caller, await deps.deciderOf(caller), what);
  const enter: Door['enter'] = async (request, what) => ({
    ...(await enterAs(await require(request), what)),
    told: (fault) => inLanguage(fault, languageIn(request.headers['accept-language'])),
  });

  return {
    require,
    enter,
    enterAs,
    enterBy,
    callerOf: (grant) => callers.get(grant),
    async admit(request, asked) {
      if (isPublic(asked)) return { grant: nothing, end: () => Promise.resolve() };
      return enter(request, { action: actionOf(asked), query: queryOf(asked) });
    },
    told: async (grant) => ofOwners.get(grant)?.tell(),
    async ofOwner(key, work) {
      if (key === undefined) return nothing;
      const subject = await findOwner(db, key);
      if (subject === undefined || !(await deps.isStillHere(subject))) return nothing;
      if (subject.kind === 'background') return backgroundGrant(subject.name);
      const caller = { subject, address: 'node' };
      const what = { action: work === 'export' ? 'export' : 'read', query: work } as const;
      const opened = await open(caller, await deps.deciderOf(caller), what);
      ofOwners.set(opened.grant, opened);
      return opened.grant;
    },
  };
}

type KnownSubject = { key: string | undefined; owner: string | undefined; frame: SubjectFrame };

/** The requests of one who comes again and again have the same subject (`sign-in/people.ts`), of which this is made once. */
function rememberSubjects(): (subject: Subject) => KnownSubject {
  const known = new WeakMap<Subject, KnownSubject>();
  return (subject) => {
    const earlier = known.get(subject);
    if (earlier !== undefined) return earlier;
    const made = { key: callerKey(subject), owner: ownerKey(subject), frame: subjectFrame(subject) };
    known.set(subject, made);
    return made;
  };
}
