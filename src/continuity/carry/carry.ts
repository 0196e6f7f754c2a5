/**
 * The line on a stick: what a node would ask the node above goes into one file, what that answers into another. The same messages, decided by the same rules, so what
 * came by the stick and by the line does not count twice, in whatever order they come.
 */
import { join } from 'node:path';
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids, Randomness } from '#kernel/ids.ts';
import type { NodeIdentity } from '#trust/authority/mutual-tls.ts';
import type { NodeMap } from '../line/nodes.ts';
import type { SyncNode } from '../node/sync-node.ts';
import { newSession, type Session } from '../protocol/exchange.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import type { Unit } from '../protocol/view.ts';
import { noteTakenIn, readFilling, readLinePlace, readWaiting, takenIn } from './carry-store.ts';
import { packMessages, unpackMessages } from './messages.ts';
import { readPeer } from '../line/peers.ts';
import { openCarryFile, writeCarryFile, type CarryHead } from './sealed-file.ts';

export type CarryDeps = {
  db: Db;
  clock: Clock;
  ids: Pick<Ids, 'uuid'>;
  randomness: Randomness;
  sync: SyncNode;
  map: NodeMap;
  identity: NodeIdentity;
  identityFolder: string;
  earlierKeys: readonly string[];
};

export type CarriedOut = { file: string; to: string; operations: number };
export type CarriedIn = {
  from: string;
  /** It was taken in before: nothing was done. Milliseconds since 1970. */
  before?: number;
  operations: number;
  entries: number;
  setAside: number;
  /** What was written back onto the stick, for the node that the file is from. */
  answer?: string;
  /** Another way there and back is needed: the node above is on another history than this one knew, or new patients came. */
  again?: string;
};

/** Resources and operations of one message. */
const pageLimit = 500;
const unitsMost = 256;

const pathOf = (folder: string, { from, to, made, kind }: Pick<CarryHead, 'from' | 'to' | 'made' | 'kind'>): string =>
  join(folder, `fyr-${kind}-${from}-to-${to}-${new Date(made).toISOString().replace(/[:.]/g, '')}.carry`);

/** Everything that waits for the node above, and what this one wants of it, into one file. Faults: conflict, notFound, unavailable. */
export async function carryOut(deps: CarryDeps, folder: string): Promise<CarriedOut> {
  const { map, db, clock, ids } = deps;
  const { name: from, upstream: to } = map.facts;
  if (to === undefined)
    throw new Fault(
      'conflict',
      'Nobody is above this node. It answers what comes on a stick from below: fyr carry in.',
    );
  const receiver = peerOf(deps, to);
  const place = await readLinePlace(db);
  if (place.epoch === undefined)
    throw new Fault('conflict', 'This node has not been filled by the node above yet: that takes the line (fyr join).');
  let operations = 0;
  const asks = async function* (): AsyncGenerator<Request> {
    const hello = await deps.sync.ask(newSession());
    if (hello?.kind !== 'hello') throw new Error('a new session begins with hello');
    yield hello;
    const token = hello.tried.at(-1) ?? '';
    for (let after = 0; ;) {
      const some = await readWaiting(db, after, pageLimit);
      if (some.length === 0) break;
      operations += some.length;
      after = some.at(-1)?.position ?? after;
      yield { kind: 'push', token, operations: some.map(({ operation }) => operation) };
    }
    const { epoch = '', cursor } = place;
    yield { kind: 'pull', token, epoch, cursor, limit: pageLimit };
    const filling = await readFilling(db);
    for (let at = 0; at < filling.length; at += unitsMost)
      yield { kind: 'fill', token, units: filling.slice(at, at + unitsMost), limit: pageLimit };
  };
  const file = { id: ids.uuid(), kind: 'ask' as const, from, to, made: clock.now() };
  const path = pathOf(folder, file);
  await writeCarryFile(path, file, { ...deps, receiver }, packMessages(asks()));
  return { file: path, to, operations };
}

function peerOf({ identityFolder }: CarryDeps, node: string): string {
  const found = readPeer(identityFolder, node);
  if (found !== undefined) return found;
  throw new Fault('notFound', `This node has never met ${node} on a line, so nothing can be sealed for it.`);
}

/** Takes in a file that is for this node. From below it is answered, into the same folder. Faults: invalid, forbidden, conflict. */
export async function carryIn(deps: CarryDeps, path: string, folder: string): Promise<CarriedIn> {
  const { map, identity, earlierKeys, clock, db } = deps;
  const { head, content } = await openCarryFile(path, {
    node: map.facts.name,
    identity,
    earlierKeys,
    now: clock.now(),
  });
  const isFromAbove = head.from === map.facts.upstream;
  const isFromBelow = map.facts.children.some(({ name }) => name === head.from);
  if (head.kind === 'ask' ? !isFromBelow : !isFromAbove)
    throw new Fault(
      'forbidden',
      `${path} is from ${head.from}, which is no node ${head.kind === 'ask' ? 'below' : 'above'} this one.`,
    );
  const before = await takenIn(db, head.id);
  if (before !== undefined && head.kind === 'answer') {
    await content.return(undefined);
    return { from: head.from, before, operations: 0, entries: 0, setAside: 0 };
  }
  const messages = unpackMessages(content);
  return head.kind === 'ask' ? answerAsk(deps, head, messages, folder) : takeAnswer(deps, head, messages);
}

/** Asked again, it is answered again: the first answer may have got lost with the stick. What was done is not done twice. */
async function answerAsk(
  deps: CarryDeps,
  head: CarryHead,
  messages: AsyncIterable<Request | Answer>,
  folder: string,
): Promise<CarriedIn> {
  const { sync, ids, clock, db } = deps;
  const told: CarriedIn = { from: head.from, operations: 0, entries: 0, setAside: 0 };
  let count = 0;
  const serve = async (request: Request): Promise<Answer> => {
    count++;
    const answer = await sync.serve(head.from, request);
    if (answer.kind === 'refused') throw refusedFault(head.from, answer.why);
    if (answer.kind === 'later') throw new Fault('unavailable', `This node can not take it now: ${answer.why}`);
    tally(told, answer);
    return answer;
  };
  const answers = async function* (): AsyncGenerator<Request | Answer> {
    for await (const [request, answer] of exchanged(serve, messages, told)) {
      yield request;
      yield answer;
    }
  };
  const own = { from: head.to, to: head.from, made: clock.now() };
  const file = { ...own, id: ids.uuid(), kind: 'answer' as const, answers: head.id };
  const path = pathOf(folder, file);
  await writeCarryFile(path, file, { ...deps, receiver: head.certificate }, packMessages(answers()));
  await noteTakenIn(db, { ...head, messages: count }, clock.now());
  return { ...told, answer: path };
}

type Serve = (request: Request) => Promise<Answer>;
type Exchanged = readonly [Request, Answer];

/** Everything that was asked, each page of the feed and of what is filled after the other, and who came to be held by it. */
async function* exchanged(
  serve: Serve,
  messages: AsyncIterable<Request | Answer>,
  told: CarriedIn,
): AsyncGenerator<Exchanged> {
  let token = '';
  let epoch: string | undefined;
  const gained = new Set<Unit>();
  for await (const message of messages) {
    const request = requestOf(message);
    if (request.kind === 'hello') token = request.tried.at(-1) ?? '';
    if (request.kind === 'pull' && request.epoch !== epoch) told.again = otherHistory;
    if (told.again !== undefined) continue;
    for await (const [asked, answer] of followed(serve, request)) {
      if (answer.kind === 'welcome') ({ epoch } = answer);
      for (const patient of gainedIn(answer)) gained.add(patient);
      yield [asked, answer];
    }
  }
  const units = [...gained].map((unit) => ({ unit, after: undefined }));
  for (let at = 0; at < units.length; at += unitsMost)
    yield* followed(serve, { kind: 'fill', token, units: units.slice(at, at + unitsMost), limit: pageLimit });
}

/** A request, and what would be asked next after each answer. */
async function* followed(serve: Serve, first: Request): AsyncGenerator<Exchanged> {
  for (let request: Request | undefined = first; request !== undefined;) {
    const answer: Answer = await serve(request);
    yield [request, answer];
    request = nextOf(request, answer);
  }
}

function nextOf(request: Request, answer: Answer): Request | undefined {
  if (request.kind === 'pull' && answer.kind === 'page' && answer.hasMore) {
    const read = answer.spans.map(({ bucket, to }) => [bucket, to] as const);
    return { ...request, cursor: new Map([...request.cursor, ...read]) };
  }
  if (request.kind !== 'fill' || answer.kind !== 'fillPages') return undefined;
  const left = request.units.flatMap(({ unit, after }) => {
    if (answer.notYours.includes(unit)) return [];
    const page = answer.pages.find((one) => one.unit === unit);
    if (page === undefined) return [{ unit, after }];
    return page.next === undefined ? [] : [{ unit, after: page.next }];
  });
  return left.length === 0 ? undefined : { ...request, units: left };
}

function gainedIn(answer: Answer): Unit[] {
  if (answer.kind !== 'page') return [];
  return answer.entries.flatMap(({ gains, version }) =>
    gains.length > 0 && version.patient !== undefined ? [version.patient] : [],
  );
}

const requestKinds: ReadonlySet<string> = new Set(['hello', 'push', 'pull', 'fill']);

function requestOf(message: Request | Answer): Request {
  if (requestKinds.has(message.kind)) return message as Request;
  throw new Fault('invalid', 'The file holds something that is not asked by a stick.');
}

function tally(told: CarriedIn, answer: Answer): void {
  if (answer.kind === 'page') told.entries += answer.entries.length;
  if (answer.kind !== 'verdicts') return;
  told.operations += answer.verdicts.length;
  told.setAside += answer.verdicts.filter(({ verdict }) => verdict.kind === 'setAside').length;
}

function refusedFault(from: string, why: string): Fault {
  const words: Readonly<Record<string, string>> = {
    copy: `${from} has been in contact since this file was made, or is a copy of the node: make the file anew there (fyr carry out).`,
    stranger: `This node does not know ${from}: it was not added, or was removed.`,
    protocol: `${from} speaks no version of the protocol that this node does: upgrade one release at a time.`,
  };
  return new Fault('conflict', words[why] ?? 'The file does not begin with what it has to.');
}

const otherHistory =
  'The node above is on another history than this one knew (it was restored): carry once more there and back.';

/** Applied page by page, each in its transaction: cut off, the same file goes on where it was. */
async function takeAnswer(
  deps: CarryDeps,
  head: CarryHead,
  messages: AsyncIterable<Request | Answer>,
): Promise<CarriedIn> {
  const { db, clock, sync } = deps;
  const told: CarriedIn = { from: head.from, operations: 0, entries: 0, setAside: 0 };
  const session = newSession();
  let request: Request | undefined;
  let count = 0;
  for await (const message of messages) {
    if (request === undefined) {
      request = requestOf(message);
      continue;
    }
    const answer = message as Answer;
    count++;
    if (request.kind === 'hello') await takeWelcome(deps, session, request, answer);
    else await sync.take(session, request, answer);
    if (!session.isWelcome) throw new Fault('conflict', otherHistory);
    tally(told, answer);
    request = undefined;
  }
  await noteTakenIn(db, { ...head, messages: count }, clock.now());
  const left = (await readFilling(db)).length;
  return left === 0 ? told : { ...told, again: `${left} units are not whole yet: carry once more there and back.` };
}

/** Where the line was in contact after the question was made, what it agreed on holds; what the stick brings is taken all the same, if it is of the same history. */
async function takeWelcome({ db, sync }: CarryDeps, session: Session, request: Request, answer: Answer): Promise<void> {
  const place = await readLinePlace(db);
  if (request.kind !== 'hello' || answer.kind !== 'welcome')
    throw new Fault('invalid', 'The file does not begin with a welcome.');
  if (place.tried.includes(request.tried.at(-1) ?? '')) return sync.take(session, request, answer);
  if (place.epoch !== answer.epoch) throw new Fault('conflict', otherHistory);
  session.isWelcome = true;
}
