/** The grant of one request: asks the policy, remembers what left and what was refused, and has it in the access log before the answer goes. */
import type { Grant, OperationFacts, Question, Reach, ResourceFacts, WriteFacts } from '#fhir/index.ts';
import type { Clock } from '#kernel/clock.ts';
import { Fault } from '#kernel/fault.ts';
import type { AccessAction, AccessEntry, AccessLog } from './access-log/entry.ts';
import { asGrant } from './grant.ts';
import type { Ground } from './policy/decision.ts';
import { isOpenType } from './policy/directory-types.ts';
import type { AllowedWrite } from './policy/writes.ts';

/** What the policy says of one caller. */
export type Decider = {
  reach(question: Question): Promise<{ reach: Reach; groundOf(patient: string | undefined): Ground | undefined }>;
  /** One answer a change. */
  allowWrites(changes: readonly WriteFacts[]): Promise<readonly AllowedWrite[]>;
  allowOperation(operation: OperationFacts): Promise<void>;
};

/** What holds for every entry that the request leaves. */
export type EntryFrame = Pick<AccessEntry, 'request' | 'who' | 'from'> &
  Partial<Pick<AccessEntry, 'role' | 'isOffline'>> & { defaultGround: Ground };

export type RequestGrantDeps = {
  decider: Decider;
  log: AccessLog;
  clock: Clock;
  frame: EntryFrame;
  /** What the request is, as a whole, and how it was asked. */
  action: AccessAction;
  query: string | undefined;
  owner: string | undefined;
  /** Whether it may be the first to write to an id of its own choice. */
  mayChooseIds: boolean;
  /** Keeps who asks, for work that goes on after the request. */
  keepOwner(): Promise<void>;
};

/** `names`: `Type/id`, each once for each time that it left. */
type Seen = { names: string[]; ground: Ground | undefined };

/** Ids that one entry names; of more, only the numbers are kept. */
const namedMax = 20;

export class RequestGrant {
  readonly #deps: RequestGrantDeps;
  readonly #seen = new Map<string, Seen>();
  readonly #grounds: ((patient: string | undefined) => Ground | undefined)[] = [];
  /** Types that were asked for, as far as patients have them. */
  readonly #asked = new Set<string>();
  /** What was asked for and kept back as not there. */
  readonly #missed: ResourceFacts[] = [];
  /** `Type/id` of what was written: that it was read to write it is not told besides. */
  readonly #written = new Set<string>();
  #named: string | undefined;
  readonly grant: Grant;

  constructor(deps: RequestGrantDeps) {
    this.#deps = deps;
    this.grant = asGrant({
      owner: deps.owner,
      mayChooseIds: deps.mayChooseIds,
      reach: (question) => this.#reach(question),
      allowWrites: (changes) => this.#allowWrites(changes),
      allowOperation: (operation) => this.#allowOperation(operation),
      saw: (rows) => this.#saw(rows),
      missed: (facts) => void this.#missed.push(facts),
    });
  }

  /** Leaves in the log what the request did. Resolves when that is durable. */
  async end({ status, fault }: { status: number; fault?: Fault }): Promise<void> {
    const isRefused = fault?.kind === 'forbidden' || fault?.kind === 'unauthenticated';
    const outcome = isRefused ? 'refused' : status >= 500 ? 'failed' : 'allowed';
    const entries = [...this.#seen].flatMap(([patient, { names, ground }]) => {
      const read = names.filter((name) => !this.#written.has(name));
      return read.length === 0 ? [] : [this.#entryOf(patient, read, ground, outcome)];
    });
    entries.push(...this.#attempts());
    if (entries.length === 0 && (isRefused || this.#asked.size > 0)) {
      const named = this.#named;
      const ground = named === undefined ? undefined : this.#groundOf(named);
      const isClosed = outcome === 'allowed' && named !== undefined && ground === undefined;
      const entry = this.#entry(named, isClosed ? 'refused' : outcome, [...this.#asked], [], ground);
      entries.push(isClosed ? { ...entry, reason: 'not-told' } : entry);
    }
    if (isRefused) for (const entry of entries) entry.reason ??= fault.reason ?? 'refused';
    if (entries.length > 0) await this.#deps.log.append(entries);
  }

  /** The same of work that goes on after its request: what was seen since the last time. */
  async tell(): Promise<void> {
    if (this.#seen.size === 0) return;
    await this.end({ status: 200 });
    this.#seen.clear();
  }

  /** One entry for each whose record was tried; one for what is not here, without ids, since those may be anything. */
  #attempts(): AccessEntry[] {
    const tried = new Map<string | undefined, string[]>();
    for (const { type, id, patient } of this.#missed) {
      const name = `${type}/${id}`;
      if (patient === undefined && (isOpenType(type) || this.#written.has(name))) continue;
      const names = tried.get(patient);
      if (names === undefined) tried.set(patient, [name]);
      else names.push(name);
    }
    return [...tried].map(([patient, names]) => {
      const entry = this.#entryOf(patient, names, undefined, 'refused');
      if (patient !== undefined) return { ...entry, reason: 'not-told' };
      return { ...entry, what: { ...entry.what, resources: [] }, reason: 'not-here' };
    });
  }

  async #allowOperation(operation: OperationFacts): Promise<void> {
    await this.#deps.decider.allowOperation(operation);
    if (operation.name === 'export') await this.#deps.keepOwner();
  }

  async #reach(question: Question): Promise<Reach> {
    for (const type of question.types ?? ['*']) if (!isOpenType(type)) this.#asked.add(type);
    // A chain names a patient too: `Practitioner?_has:Encounter:participant:patient=…` tells of her, whatever is found.
    this.#named = question.isNamed ? question.patient : (this.#named ?? question.patient);
    const { reach, groundOf } = await this.#deps.decider.reach(question);
    if (question.isNamed && question.patient !== undefined && reach.kind === 'nothing') {
      this.#missed.push({ type: 'Patient', id: question.patient, patient: question.patient });
    }
    this.#grounds.push(groundOf);
    return reach;
  }

  #saw(rows: readonly ResourceFacts[]): void {
    for (const { type, id, patient } of rows) {
      if (patient === undefined) continue;
      const seen: Seen = this.#seen.get(patient) ?? { names: [], ground: this.#groundOf(patient) };
      seen.names.push(`${type}/${id}`);
      this.#seen.set(patient, seen);
    }
  }

  #groundOf(patient: string): Ground | undefined {
    for (const groundOf of this.#grounds) {
      const ground = groundOf(patient);
      if (ground !== undefined) return ground;
    }
    return undefined;
  }

  /** In the log before it is in the record: a node that dies in between has an entry too many, never one too few. */
  async #allowWrites(changes: readonly WriteFacts[]): Promise<readonly (readonly string[])[]> {
    let allowed: readonly AllowedWrite[];
    try {
      allowed = await this.#deps.decider.allowWrites(changes);
      const entries = changes.flatMap(({ interaction, type, id, patient, before }, i) => {
        // Directories too: who has which authorisation and role decides who gets in.
        this.#written.add(`${type}/${id}`);
        const owners = new Set([patient ?? before?.patient, before?.patient ?? patient]);
        return [...owners].map((owner) => ({
          ...this.#entry(owner, 'allowed', [type], [`${type}/${id}`], allowed[i]?.ground),
          action: interaction,
        }));
      });
      if (entries.length > 0) await this.#deps.log.append(merged(entries));
      if (changes.some(({ type }) => type === 'Subscription')) await this.#deps.keepOwner();
    } catch (error) {
      this.#notWritten(changes, error instanceof Fault && error.kind === 'notFound');
      throw error;
    }
    this.#asked.clear();
    return allowed.map(({ onWordOf }) => onWordOf);
  }

  /** @param isHidden the caller is told that it is not there, and may be told so without a refusal (a deletion) */
  #notWritten(changes: readonly WriteFacts[], isHidden: boolean): void {
    for (const { type, id, patient, before } of changes) {
      const owner = before?.patient ?? patient;
      this.#named ??= owner;
      if (isHidden) this.#missed.push({ type, id, patient: owner });
      else this.#asked.add(type);
    }
  }

  #entryOf(
    patient: string | undefined,
    names: readonly string[],
    ground: Ground | undefined,
    outcome: AccessEntry['outcome'],
  ): AccessEntry {
    const entry = this.#entry(patient, outcome, [], names.slice(0, namedMax), ground);
    const types: { [type: string]: number } = {};
    for (const name of names) {
      const type = name.slice(0, name.indexOf('/'));
      types[type] = (types[type] ?? 0) + 1;
    }
    return { ...entry, what: { ...entry.what, types } };
  }

  #entry(
    patient: string | undefined,
    outcome: AccessEntry['outcome'],
    types: readonly string[],
    resources: readonly string[],
    ground: Ground | undefined,
  ): AccessEntry {
    const { frame, clock, action, query } = this.#deps;
    const { defaultGround, ...rest } = frame;
    const { purpose, ground: words, attestation, attested } = ground ?? defaultGround;
    return {
      ...rest,
      at: clock.now(),
      action,
      patient,
      what: {
        types: Object.fromEntries(types.filter((type) => type !== '*').map((type) => [type, resources.length])),
        resources,
        ...(query === undefined ? {} : { query }),
      },
      purpose,
      ground: words,
      ...(attestation === undefined ? {} : { attestation }),
      ...(attested === undefined ? {} : { attested }),
      outcome,
    };
  }
}

/** One entry a patient and interaction, however many resources a transaction writes. */
function merged(entries: readonly AccessEntry[]): AccessEntry[] {
  const byKey = new Map<string, AccessEntry>();
  for (const entry of entries) {
    const key = `${entry.patient ?? ''} ${entry.action} ${entry.ground}`;
    const known = byKey.get(key);
    if (known === undefined) {
      byKey.set(key, entry);
      continue;
    }
    const types = { ...known.what.types };
    for (const [type, count] of Object.entries(entry.what.types)) types[type] = (types[type] ?? 0) + count;
    const resources = [...known.what.resources, ...entry.what.resources].slice(0, namedMax);
    byKey.set(key, { ...known, what: { ...known.what, types, resources } });
  }
  return [...byKey.values()];
}
