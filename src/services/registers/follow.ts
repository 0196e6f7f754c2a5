/**
 * Keeps the derived tables current by the record's feed: a page at a time, rows and cursor in one transaction, so that a killed node goes
 * on where it was and nothing is derived twice. `committer.onWritten` only wakes it; other nodes' writes are found by looking each second.
 */
import type { Committer } from '#fhir/record/committer.ts';
import { readFeed, type RequestContext } from '#fhir/index.ts';
import type { StoredVersion } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import { retried, type Db, type Transaction } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import * as store from './follow-store.ts';
import { identifierBucket, identifiersOf, splitIdentifier, type IndexedIdentifier } from './identifier-index.ts';
import { featuresOf, keysOf, nameKeys } from './match/features.ts';
import { endpointEntry, organisationEntry, partyEntry } from './parties/derive.ts';
import { organisationEvents } from './organisations/events.ts';
import { practitionerEvents } from './personnel/events.ts';
import type { EventStream } from './persons/event-store.ts';
import { patientEvents, relationEvents, type Change } from './persons/events.ts';

/** What the registers are made of. */
export const followed = [
  'Patient',
  'RelatedPerson',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'HealthcareService',
  'Endpoint',
] as const;
const followedTypes: ReadonlySet<string> = new Set(followed);

const pageSize = 2000;
const lookEveryMs = 1000;
const gatherMs = 20;

export type Follower = {
  /** Follows until `stop`. */
  start(): void;
  stop(): Promise<void>;
  /** Resolves when everything that was written before the call is in the derived tables. */
  catchUp(): Promise<void>;
};

export type FollowerDeps = Pick<RequestContext, 'db'> & {
  committer: Pick<Committer, 'onWritten'>;
  report(event: string, error: unknown): void;
  /** Whether protected persons among these have an address in their Patient again: it is noted in the same transaction … */
  noteExposed(transaction: Transaction, patients: readonly { bucket: number; id: string }[]): Promise<boolean>;
  /** … and taken away right after it, or, when the node is killed in between, at the next start. */
  hideExposed(): Promise<void>;
};

export function createFollower(deps: FollowerDeps): Follower {
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();
  const followPage = createPages(deps);
  let isOn = false;
  let isWoken = false;
  const schedule = (afterMs: number): void => {
    if (!isOn) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      turn = takeTurn();
    }, afterMs);
    timer.unref();
  };
  const catchUp = async (): Promise<void> => {
    while (await followPage());
  };
  const takeTurn = async (): Promise<void> => {
    isWoken = false;
    try {
      while (isOn && (await followPage()));
    } catch (error) {
      if (isOn) deps.report('registers', error);
    }
    schedule(isWoken ? gatherMs : lookEveryMs);
  };
  deps.committer.onWritten(({ writes }) => {
    if (!isOn || isWoken || !writes.some(({ type }) => followedTypes.has(type))) return;
    isWoken = true;
    void turn.then(() => schedule(gatherMs));
  });
  return {
    catchUp,
    start() {
      isOn = true;
      schedule(0);
    },
    async stop() {
      isOn = false;
      clearTimeout(timer);
      await turn;
    },
  };
}

type Moved = readonly (readonly [bucket: number, n: number])[];

/** Derives from the next page of the feed; false when there was none. */
type FollowPage = () => Promise<boolean>;

/**
 * What can't be derived stops nobody: a page that fails is gone through version by version, and the one that fails by itself is told and
 * passed over. When the database can't be reached, nothing is passed over.
 */
function createPages(deps: FollowerDeps): FollowPage {
  let singly = 0;
  return async () => {
    let moved: Moved = [];
    try {
      const limit = singly > 0 ? 1 : pageSize;
      const page = await retried(() =>
        deps.db.begin((transaction) => derivePage(deps, transaction, limit, (pageMoved) => (moved = pageMoved))),
      );
      if (singly > 0) singly--;
      if (page === 'exposed') await deps.hideExposed();
      return page !== 'none';
    } catch (error) {
      if (error instanceof Fault || moved.length === 0) throw error;
      if (singly === 0) singly = pageSize;
      else {
        deps.report('registers: a version was passed over', error);
        await deps.db.begin((transaction) => store.writeCursor(transaction, moved));
      }
      return true;
    }
  };
}

async function derivePage(
  deps: Pick<FollowerDeps, 'noteExposed'>,
  transaction: Transaction,
  limit: number,
  onPage: (moved: Moved) => void,
): Promise<'none' | 'derived' | 'exposed'> {
  const numbers = await store.lockFollower(transaction);
  const cursor = await store.readCursor(transaction);
  // A transaction is asked as the pool is.
  const page = await readFeed(transaction as unknown as Db, cursor, limit, followed);
  const moved = [...page.cursor].filter(([bucket, n]) => cursor.get(bucket) !== n);
  if (moved.length === 0) return 'none';
  onPage(moved);
  const entries = page.entries.filter(({ interaction }) => interaction !== 'move');
  for (const [stream, events] of Object.entries(await eventsOf(transaction, entries)))
    await store.appendEvents(transaction, stream as EventStream, events, numbers[stream as EventStream]);
  const current = lastOfEach(entries);
  await putDerived(transaction, current);
  await store.writeCursor(transaction, moved);
  const withAddress = current.filter(({ type, resource }) => type === 'Patient' && resource?.['address'] !== undefined);
  return (await deps.noteExposed(transaction, withAddress)) ? 'exposed' : 'derived';
}

function lastOfEach(entries: readonly StoredVersion[]): store.ReadVersion[] {
  const last = new Map<string, StoredVersion>();
  for (const entry of entries) {
    const key = `${entry.type}/${entry.id}`;
    if ((last.get(key)?.version ?? 0) < entry.version) last.set(key, entry);
  }
  return [...last.values()].map(({ bucket, type, id, version, updated, content }) => ({
    bucket,
    type,
    id,
    version,
    updated,
    resource: parsed(content),
  }));
}

export function parsed(content: string | null | undefined): Resource | undefined {
  return content === null || content === undefined ? undefined : (JSON.parse(content) as Resource);
}

type Told = Omit<store.RecordedEvent, 'bucket' | 'recorded'>;

type Teller = { stream: EventStream; tell(change: Change): Told[] };

/** Of which types something is told, in which stream. */
const tellers: ReadonlyMap<string, Teller> = new Map<string, Teller>([
  ['Patient', { stream: 'open', tell: patientEvents }],
  ['RelatedPerson', { stream: 'open', tell: relationEvents }],
  ['Practitioner', { stream: 'personnel', tell: tellOfPractitioner }],
  ['Organization', { stream: 'organisations', tell: tellOfOrganisation }],
]);

function tellOfPractitioner(change: Change): Told[] {
  return practitionerEvents(change).map(({ practitioner, ...rest }) => ({ ...rest, person: practitioner }));
}

function tellOfOrganisation(change: Change): Told[] {
  return organisationEvents(change).map(({ organisation, ...rest }) => ({ ...rest, person: organisation }));
}

/** The events of these versions, by stream. */
async function eventsOf(
  transaction: Transaction,
  entries: readonly StoredVersion[],
): Promise<{ [stream in EventStream]?: store.RecordedEvent[] }> {
  const earlier = await store.readVersions(
    transaction,
    entries
      .filter(({ type, version }) => tellers.has(type) && version > 1)
      .map((entry) => ({ ...entry, version: entry.version - 1 })),
  );
  const found: { [stream in EventStream]?: store.RecordedEvent[] } = {};
  for (const { bucket, type, id, version, updated, content } of entries) {
    const teller = tellers.get(type);
    if (teller === undefined) continue;
    const change = { before: parsed(earlier.get(`${type}/${id}/${version - 1}`)), after: parsed(content), updated };
    const events = teller.tell(change).map((event) => ({ ...event, bucket, recorded: updated }));
    (found[teller.stream] ??= []).push(...events);
  }
  return found;
}

/** Puts the derived rows of these versions, the current ones of their resources; the caller holds the follower's lock. */
export async function putDerived(transaction: Transaction, current: readonly store.ReadVersion[]): Promise<void> {
  const alive = current.filter(({ resource }) => resource !== undefined);
  await putIndex(transaction, current);
  await store.removeDerived(
    transaction,
    current.filter(({ resource }) => resource === undefined),
  );
  const ofType = (type: string): Resource[] =>
    alive.flatMap((each) => (each.type === type && each.resource ? [each.resource] : []));
  await store.putPersons(transaction, alive.filter(({ type }) => type === 'Patient').map(personEntry));
  await store.putHolders(
    transaction,
    alive
      .filter(({ type }) => type !== 'Patient')
      .map(({ bucket, type, id, resource }) => ({ bucket, type, id, identifiers: namesOf(resource) })),
  );
  await store.putOrganisations(transaction, ofType('Organization').map(organisationEntry));
  await store.putEndpoints(transaction, ofType('Endpoint').map(endpointEntry));
  const parties = ['Organization', 'HealthcareService', 'PractitionerRole']
    .flatMap(ofType)
    .flatMap((each) => partyEntry(each) ?? []);
  await store.putParties(transaction, parties);
}

export function personEntry({
  bucket,
  id,
  resource,
}: Pick<store.ReadVersion, 'bucket' | 'id' | 'resource'>): store.PersonEntry {
  const features = featuresOf(resource as Resource);
  // Who goes on in another is found by his numbers, and is no candidate himself.
  const isCandidate = features.replacedBy === undefined;
  return {
    bucket,
    id,
    keys: isCandidate ? keysOf(features) : [],
    names: isCandidate ? nameKeys(features.names) : [],
    features: JSON.stringify(features),
    identifiers: namesOf(resource),
  };
}

function namesOf(resource: Resource | undefined): string[] {
  return (resource === undefined ? [] : identifiersOf(resource)).map(({ system, value }) => `${system}|${value}`);
}

/** Puts the identifiers of the current versions, and takes away those that the index had and they no longer have. */
async function putIndex(transaction: Transaction, current: readonly store.ReadVersion[]): Promise<void> {
  const before = await store.readHolders(transaction, current);
  const had = new Map(before.map((holder) => [`${holder.type}/${holder.id}`, holder.identifiers]));
  const gone: Parameters<typeof store.removeIdentifiers>[1][number][] = [];
  const put: store.IdentifierEntry[] = [];
  for (const { bucket, type, id, resource } of current) {
    const now = resource === undefined ? [] : identifiersOf(resource);
    put.push(...now.map((each) => identifierEntry(each, { bucket, type, id })));
    const names = new Set(now.map(({ system, value }) => `${system}|${value}`));
    for (const name of had.get(`${type}/${id}`) ?? []) {
      if (names.has(name)) continue;
      const { system, value } = splitIdentifier(name);
      gone.push({ bucket: identifierBucket(system, value), system, value, type, id });
    }
  }
  await store.removeIdentifiers(transaction, gone);
  await store.putIdentifiers(transaction, put);
}

export function identifierEntry(
  { system, value, from, to }: IndexedIdentifier,
  holder: { bucket: number; type: string; id: string },
): store.IdentifierEntry {
  return {
    bucket: identifierBucket(system, value),
    system,
    value,
    type: holder.type,
    id: holder.id,
    holder_bucket: holder.bucket,
    valid_from: from,
    valid_to: to,
  };
}
