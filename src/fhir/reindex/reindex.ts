/**
 * Keeps the index true to the search parameters in use: those of this release, and those that users store. What is new is filled for the
 * existing resources by a walk; until that is done, a search that rests on it is refused rather than answered wrongly.
 */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { JobHandler, Jobs } from '#kernel/jobs.ts';
import type { Definitions } from '../definitions/index.ts';
import { parseJson } from '../json/index.ts';
import type { Query, Search } from '../search/index.ts';
import type { Compile } from '../search/path.ts';
import type { OperationOutcomeIssue, Resource } from '../types.ts';
import { createIndexState, rowsOf, type IndexState } from './index-state.ts';
import {
  beginReindex,
  findReindex,
  finishReindex,
  insertReindex,
  readStoredParameters,
  type ReindexJob,
} from './reindex-store.ts';
import { checkSearchParameter, definitionOf, typesOf } from './search-parameter.ts';
import { createStoredParameters, type StoredParameters } from './stored-parameters.ts';
import { releaseOf, typeOfUnit, unitsIn, unitsOf } from './units.ts';
import { walkIndex, type WalkLimits } from './walk.ts';

export type ReindexOptions = {
  db: Db;
  clock: Clock;
  ids: Ids;
  search: Search;
  definitions: Definitions;
  compile: Compile;
  /** Resolves when the writes that are under way now have ended (`writes-under-way.ts`): they were indexed without what is new. */
  writesSettled(): Promise<void>;
  limits?: Partial<WalkLimits>;
};

/** A resource as it was written: `content` null when it was deleted. */
export type WrittenResource = { type: string; id: string; content: string | null };

export type ReindexStatus = {
  /** The walk that is not finished, else the last one. */
  job: ReindexJob | undefined;
  /** `Type|path|kind` of what is being filled: searches that rest on it are refused. */
  pending: string[];
};

export type Reindex = {
  /** The search that clients get: it refuses what rests on units that are not filled. */
  guarded: Search;
  /** What stands against taking a SearchParameter into use: errors, for the check of writes. Nothing for other types. */
  check(resource: Resource): OperationOutcomeIssue[];
  /** Takes the stored search parameters into use, and finds out what is not filled. Before the first search and the first write. */
  load(): Promise<void>;
  /** To be told of everything that is written, once it is durable. */
  onWritten(written: WrittenResource): void;
  /** What `startJobs` is to be given. */
  handlers: Readonly<Record<string, JobHandler>>;
  /** Begins to fill what is not filled, or goes on. Before this, fills wait. */
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
  /** Indexes the resources of the types anew, of all types when none is named; searches are answered meanwhile. */
  begin(types: readonly string[]): Promise<void>;
  status(): Promise<ReindexStatus>;
  /** Resolves when what earlier writes set off has been put in the queue. */
  settled(): Promise<void>;
};

type Parts = ReindexOptions & {
  state: IndexState;
  parameters: StoredParameters;
  /** One change of the index at a time. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  jobs: Pick<Jobs, 'add'> | undefined;
  /** The SearchParameters as this process knows them, by id; and how many of its own writes it has heard of. */
  contents: Map<string, string>;
  heard: number;
  /** How far the walk is, 0 to 1, and when the tables were last asked, milliseconds. */
  walked: number;
  refreshed: number;
};

const defaults: WalkLimits = { pageMax: 200, share: 0.5, noteMs: 1000 };
const refreshEveryMs = 1000;
/** Where processes over one database tell each other that a SearchParameter was written. */
const channel = 'fyr_search_parameter';
/** What the others have to learn of it before a walk begins, milliseconds. */
const learnMs = 1000;

export function createReindex(options: ReindexOptions): Reindex {
  const { db, search, definitions } = options;
  const parts: Parts = {
    ...options,
    state: createIndexState(db, search, releaseOf(definitions.searchParameters)),
    parameters: createStoredParameters(definitions, search),
    inTurn: createTurn(),
    jobs: undefined,
    contents: new Map(),
    heard: 0,
    walked: 0,
    refreshed: 0,
  };
  return {
    guarded: guard(parts),
    check: (resource) => problemsOf(parts, resource),
    load: () => load(parts),
    onWritten: (written) => onWritten(parts, written),
    handlers: { reindex: (payload, { signal }) => run(parts, (payload as { id: string }).id, signal) },
    start: (jobs) => parts.inTurn(() => start(parts, jobs)),
    begin: (types) =>
      parts.inTurn(() =>
        enqueue(parts, types.length > 0 ? types : definitions.model.resourceTypes(), parts.state.open().units),
      ),
    status: async () => ({ job: await findReindex(db), pending: parts.state.open().units }),
    settled: () => parts.inTurn(async () => {}),
  };
}

function createTurn(): Parts['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

function problemsOf({ definitions, compile, parameters }: Parts, resource: Resource): OperationOutcomeIssue[] {
  if (resource.resourceType !== 'SearchParameter') return [];
  return checkSearchParameter({ definitions, compile, stored: parameters.inUse }, resource);
}

function guard(parts: Parts): Search {
  const { search } = parts;
  return {
    ...search,
    parse(type, parameters, parseOptions) {
      const query = search.parse(type, parameters, parseOptions);
      if (parts.state.pending.size > 0) refusePending(parts, query);
      return query;
    },
  };
}

function refusePending(parts: Parts, query: Query): void {
  const unit = [...unitsIn(query)].find((one) => parts.state.pending.has(one));
  if (unit === undefined) return;
  // Another process may do the walk: what it has done is seen by the next search.
  // One that fails, as when the node is stopping, is made up for by the next.
  if (parts.clock.now() - parts.refreshed >= refreshEveryMs) refresh(parts).catch(() => {});
  const [type, path] = unit.split('|');
  throw new Fault(
    'unavailable',
    `${type}.${path} is being indexed, ${Math.floor(parts.walked * 100)} % is done. Until then this search would be answered wrongly: try again.`,
  );
}

async function refresh(parts: Parts): Promise<void> {
  parts.refreshed = parts.clock.now();
  await parts.inTurn(async () => {
    await parts.state.refresh();
    await cover(parts);
  });
}

async function load(parts: Parts): Promise<void> {
  const { state } = parts;
  await state.refresh();
  const types = new Set(state.isOfRelease() ? [] : parts.definitions.model.resourceTypes());
  for (const { id, content } of await readStoredParameters(parts.db)) {
    for (const type of take(parts, id, content)) types.add(type);
  }
  await state.settle([...types], false);
  await state.noteRelease();
}

/** Takes a SearchParameter as it is now into use, or out of it. Answers the types whose units may have changed. */
function take(parts: Parts, id: string, content: string | null): string[] {
  if (content === null) parts.contents.delete(id);
  else parts.contents.set(id, content);
  const resource = content === null ? undefined : (parseJson(content) as Resource);
  const isFit = resource !== undefined && problemsOf(parts, resource).length === 0;
  const definition = isFit ? definitionOf(resource) : undefined;
  return definition ? parts.parameters.use(id, definition) : parts.parameters.drop(id);
}

function onWritten(parts: Parts, { type, id, content }: WrittenResource): void {
  if (type !== 'SearchParameter') return;
  parts.heard++;
  void parts.db.notify(channel, id).catch(() => {});
  const types = take(parts, id, content);
  if (types.length === 0) return;
  // At once, so that no search slips in between.
  parts.state.expect(types);
  void parts.inTurn(() => fill(parts, types));
}

/** Catches up with what other processes have written. */
async function learn(parts: Parts): Promise<void> {
  let heard: number;
  let stored: { id: string; content: string }[];
  do {
    heard = parts.heard;
    stored = await readStoredParameters(parts.db);
  } while (heard !== parts.heard);
  const here = new Map(stored.map(({ id, content }) => [id, content]));
  const gone = [...parts.contents.keys()].filter((id) => !here.has(id));
  const changed = [...here].filter(([id, content]) => parts.contents.get(id) !== content);
  const types = [
    ...gone.flatMap((id) => take(parts, id, null)),
    ...changed.flatMap(([id, content]) => take(parts, id, content)),
  ];
  if (types.length === 0) return;
  parts.state.expect(types);
  await fill(parts, [...new Set(types)]);
}

/**
 * Puts a walk in the queue for what is pending of the types. Always a new one: what an earlier walk has passed may have been written without what
 * is new. Each process that writes does so when it hears of a parameter, once its own writes of before have ended.
 */
async function fill(parts: Parts, types: readonly string[]): Promise<void> {
  await parts.writesSettled();
  await parts.state.settle(types, parts.jobs !== undefined);
  // Who has no queue notes what is pending; a node fills it, now or when it starts.
  if (parts.jobs === undefined) return;
  const open = parts.state.open();
  if (open.types.some((type) => types.includes(type))) await enqueue(parts, open.types, open.units);
}

async function enqueue(parts: Parts, types: readonly string[], units: readonly string[]): Promise<void> {
  const id = parts.ids.uuid();
  const now = parts.clock.now();
  await insertReindex(parts.db, id, types, units, now);
  parts.walked = 0;
  await parts.jobs?.add('reindex', { id }, { key: 'reindex', notBefore: now + learnMs });
}

async function start(parts: Parts, jobs: Pick<Jobs, 'add'>): Promise<void> {
  const { state, parameters, definitions, db } = parts;
  parts.jobs = jobs;
  const types = new Set(state.isOfRelease() ? [] : definitions.model.resourceTypes());
  for (const definition of parameters.inUse.values())
    for (const type of typesOf(definitions, definition)) types.add(type);
  await state.settle([...types], true);
  await state.noteRelease();
  const unfinished = await cover(parts);
  if (unfinished) await jobs.add('reindex', { id: unfinished.id }, { key: 'reindex' });
  const catchUp = (): void => void parts.inTurn(() => learn(parts));
  await db.listen(channel, catchUp, catchUp);
}

/** Sees to it that what is pending has a walk. Answers the walk that was there already. */
async function cover(parts: Parts): Promise<ReindexJob | undefined> {
  const job = await findReindex(parts.db);
  const unfinished = job?.finished === null ? job : undefined;
  const { types, units } = parts.state.open();
  if (units.every((unit) => unfinished?.units.includes(unit))) {
    parts.walked = job?.walked ?? 0;
    return unfinished;
  }
  await enqueue(parts, types, units);
  return undefined;
}

async function run(parts: Parts, id: string, signal: AbortSignal): Promise<void> {
  const { db, clock, search } = parts;
  await parts.inTurn(() => learn(parts));
  const job = await findReindex(db, id);
  if (job === undefined || !(await beginReindex(db, id))) return;
  const onProgress = (walked: number): void => void (parts.walked = walked);
  const isWalked = await walkIndex(
    { db, clock, search, limits: { ...defaults, ...parts.limits }, onProgress },
    job,
    signal,
  );
  if (!isWalked) return;
  await parts.inTurn(async () => {
    const units = job.units.filter((unit) => unitsOf(search, typeOfUnit(unit)).includes(unit));
    if (await finishReindex(db, id, rowsOf(units), clock.now())) parts.state.filled(units);
    await parts.state.noteRelease();
  });
}
