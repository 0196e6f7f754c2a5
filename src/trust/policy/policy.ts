/** The policy over the record: who asks, what is known of the record, and the rules together, as the grant of a request needs them. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import type { OperationFacts, Question, Reach, WriteFacts } from '#fhir/index.ts';
import type { Search } from '#fhir/search/index.ts';
import type { Caller } from '../caller.ts';
import type { Subject } from '../subject.ts';
import { noLimits, type Access, type Decision, type Ground } from './decision.ts';
import { createDirectories, type Directories, type KnownDirectory } from './directories.ts';
import { createFactCache, type FactCache } from './fact-cache.ts';
import type { AttestedForPatients, PatientFacts, Standing } from './facts.ts';
import { createFollower } from './follow.ts';
import { createGenerations, noteWrites, type Generations, type WrittenFacts } from './generations.ts';
import { refuseSecond } from './one-number.ts';
import { mayCall } from './operations.ts';
import type { Moment } from './personnel.ts';
import { accessWith, reachOf, whollyOpen, type Asker, type Asking } from './reach.ts';
import { createRecordReader } from './read-record.ts';
import { createRelated, relatedTo } from './related.ts';
import { decideSummary, type SummaryBasis } from './rules.ts';
import type { PolicySettings } from './settings.ts';
import { standingOf, standingReferences } from './standing.ts';
import { allowWrites, type AllowedWrite } from './writes.ts';

export type PolicyDeps = {
  db: Db;
  search: Search;
  clock: Clock;
  settings: PolicySettings;
  report(event: string, error: unknown): void;
};

/** What the policy says of one caller, while a request lasts. */
export type CallersPolicy = {
  /** Throws a Fault `forbidden` with the reason where the question names a patient that the caller may know of but not read. */
  reach(question: Question): Promise<{ reach: Reach; groundOf(patient: string | undefined): Ground | undefined }>;
  /** One answer a change. Throws a Fault for the first that may not be made. */
  allowWrites(changes: readonly WriteFacts[]): Promise<AllowedWrite[]>;
  allowOperation(operation: OperationFacts): Promise<void>;
};

export type Policy = {
  /** @param attested a relationship that came with the request and was checked (`attestation.ts`), with the patients that it is for */
  of(caller: Pick<Caller, 'subject'>, attested?: AttestedForPatients): CallersPolicy;
  /** Whether the subject may open the patient's summary record. */
  summary(subject: Subject, patient: string, basis: SummaryBasis | undefined): Promise<Decision>;
  /** The subject's access to the record of a patient as a whole, and its limits: for routes of trust's own. */
  accessOf(subject: Subject, patient: string): Promise<Access>;
  /** What is known of a patient. */
  factsOf(patient: string): Promise<PatientFacts>;
  standingOf(subject: Subject): Promise<Standing>;
  /** What was just written in this process: what was kept of it is dropped. To be called before the write is acknowledged. */
  onWritten(writes: readonly WrittenFacts[]): void;
  moment(): Moment;
  /** Follows what other processes write. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

export function createPolicy(deps: PolicyDeps): Policy {
  const { db, clock, report } = deps;
  const generations = createGenerations();
  const follower = createFollower({ db, generations, report });
  const { ask, cache, standing, moment } = createAsking(deps, generations);
  /** Made once for what a caller asks within a second: one request asks many times. */
  const askingOf = (subject: Asker, attested: AttestedForPatients | undefined): (() => Promise<Asking>) => {
    let made: { asking: Promise<Asking>; until: number } | undefined;
    return () => {
      if (made === undefined || made.until < clock.now()) {
        made = { asking: ask(subject, attested), until: clock.now() + askedAnewMs };
      }
      return made.asking;
    };
  };
  const of: Policy['of'] = ({ subject }, attested) => {
    if (subject.kind === 'background') return everything;
    const asking = askingOf(subject, attested);
    return {
      reach: async (question) => reachOf(await asking(), question),
      async allowWrites(changes) {
        const allowed = await allowWrites(await asking(), changes);
        await refuseSecond(deps, changes);
        return allowed;
      },
      allowOperation: async (operation) => mayCall(subject, operation),
    };
  };
  return {
    of,
    async summary(subject, patient, basis) {
      const [own, facts] = [await standing(subject), await cache.of([patient], subject.kind === 'citizen')];
      return decideSummary(subject, basis, { standing: own, record: facts.get(patient) as PatientFacts }, moment());
    },
    async accessOf(subject, patient) {
      if (subject.kind === 'background')
        return { allowed: true, ground: background, limits: noLimits, mayWrite: 'system' };
      const asking = await ask(subject, undefined);
      const facts = await asking.factsOf([patient]);
      return accessWith(asking, facts.get(patient) as PatientFacts, await whollyOpen(asking, facts));
    },
    factsOf: async (patient) => (await cache.of([patient], true)).get(patient) as PatientFacts,
    standingOf: standing,
    onWritten: (writes) => noteWrites(generations, writes),
    moment,
    start: () => follower.start(),
    stop: () => follower.stop(),
  };
}

type AskingParts = {
  ask(subject: Asker, attested: AttestedForPatients | undefined): Promise<Asking>;
  cache: FactCache;
  standing(subject: Subject): Promise<Standing>;
  moment(): Moment;
};

/** All that it takes to answer somebody: what is kept of the record, read anew where its generation has passed. */
function createAsking({ db, search, clock, settings }: PolicyDeps, generations: Generations): AskingParts {
  const directories = createDirectories(db, generations);
  const cache = createFactCache(createRecordReader({ db, search, directories }), generations);
  const related = createRelated({ db, search });
  const moment = (): Moment => ({ now: clock.now(), settings });
  const standing = rememberStanding(directories);
  return {
    cache,
    standing,
    moment,
    async ask(subject, attested) {
      let found: Promise<string[]> | undefined;
      const own = await standing(subject);
      const at = moment();
      return {
        subject,
        standing: own,
        moment: at,
        attested,
        search,
        relatedTo: () => (found ??= relatedTo(related, subject, own, at)),
        factsOf: (patients) => cache.of(patients, subject.kind === 'citizen'),
      };
    },
  };
}

/** Who asks again and again is the same subject (`sign-in/people.ts`): their standing is made anew when something that it was made of was written. */
function rememberStanding(directories: Directories): (subject: Subject) => Promise<Standing> {
  const known = new WeakMap<Subject, { standing: Standing; directory: KnownDirectory }>();
  return async (subject) => {
    const earlier = known.get(subject);
    if (earlier?.directory.isCurrent()) return earlier.standing;
    const directory = await directories.knowing(standingReferences(subject));
    const standing = standingOf(subject, directory);
    known.set(subject, { standing, directory });
    return standing;
  };
}

/** How long an answer may rest on what was found when it was first asked, milliseconds. */
const askedAnewMs = 1000;

const background: Ground = { purpose: 'SYSTEM', ground: 'background' };

const everything: CallersPolicy = {
  reach: () => Promise.resolve({ reach: { kind: 'everything' }, groundOf: () => background }),
  allowWrites: (changes) => Promise.resolve(changes.map(() => ({ ground: background, onWordOf: [] }))),
  allowOperation: () => Promise.resolve(),
};
