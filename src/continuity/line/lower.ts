/** The lower side of a line: asks the node above for as long as there is something to ask, then waits for news from either side. Comes back by itself. */
import type { Clock } from '#kernel/clock.ts';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { Ids } from '#kernel/ids.ts';
import type { SyncNode } from '../node/sync-node.ts';
import { newSession, type Session } from '../protocol/exchange.ts';
import type { Answer, Request } from '../protocol/messages.ts';
import { protocols } from '../protocol/serve.ts';
import { paths, type LineTry, type UpperLine } from './contract.ts';
import type { Beyond } from './beat.ts';
import { countLine } from './nodes-store.ts';
import type { LineGate } from './gate.ts';
import { regionNodes, type RegionNode } from './nodes.ts';
import { createTransport, type Transport } from './transport.ts';
import type { NodeIdentity } from '#trust/authority/mutual-tls.ts';
import { createWake, type Wake } from './wake.ts';

export type LowerDeps = {
  db: Db;
  clock: Clock;
  ids: Pick<Ids, 'below'>;
  sync: Pick<SyncNode, 'ask' | 'take'>;
  url: string;
  /** The name of the node above. */
  node: string;
  /** Keeps the certificate of a node that was met. */
  met(node: string, certificate: string): void;
  /** Called before anything is asked in a new contact: what can not wait until it is. */
  beforeContact?(): Promise<void>;
  /** No room on the disk: nothing is taken in now; what waits is sent all the same. */
  isShort?(): boolean;
  /** Rings when something was written here. */
  wake: Wake;
  /** The map of nodes and places as the node above tells it, before anything else is asked. */
  tellNodes(nodes: readonly RegionNode[]): Promise<void>;
  /** Cuts this side of the line for a drill. */
  gate: LineGate;
  report(event: string, error: unknown): void;
};

type ContactField =
  | 'isConnected'
  | 'connectedSince'
  | 'lastHeard'
  | 'currentAt'
  | 'refused'
  | 'problem'
  | 'beyondCutSince'
  | 'regionAt';

export type Lower = {
  start(): void;
  line(): Promise<UpperLine>;
  /** What is known without asking the database. */
  contact(): Pick<UpperLine, ContactField>;
  transport(): Transport;
  renew(identity: NodeIdentity): void;
  /** Called at each try to reach the node above. Gives a function that ends it. */
  onTry(listener: (told: LineTry) => void): () => void;
  /** Rings when the line has come, gone, or brought all there is. */
  changed: Wake;
  stop(): Promise<void>;
};

const againFirstMs = 200;
const againMostMs = 15_000;
const againRefusedMs = 30_000;
/** Without a ring from either side, asked all the same. */
const idleMs = 10_000;
const nodesEveryMs = 20_000;

export function createLower(deps: LowerDeps, identity: NodeIdentity): Lower {
  return new LowerLoop(deps, identity);
}

class LowerLoop implements Lower {
  readonly #deps: LowerDeps;
  readonly #ending = new AbortController();
  readonly #tries = new Set<(told: LineTry) => void>();
  readonly changed = createWake();
  #transport: Transport;
  #session: Session = newSession();
  #running: Promise<void> | undefined;
  #connectedSince: number | undefined;
  #lastHeard: number | undefined;
  #currentAt: number | undefined;
  #isCurrent = false;
  #problem: string | undefined;
  #beyond: { cutSince: number | undefined; currentAt: number | undefined } | undefined;
  #clockOffsetMs: number | undefined;
  #nodesAt = 0;

  constructor(deps: LowerDeps, identity: NodeIdentity) {
    this.#deps = deps;
    this.#transport = createTransport(deps.url, deps.node, identity, (certificate) => deps.met(deps.node, certificate));
  }

  start(): void {
    this.#running ??= this.#run();
  }

  onTry(listener: (told: LineTry) => void): () => void {
    this.#tries.add(listener);
    return () => void this.#tries.delete(listener);
  }

  #tried(told: LineTry): void {
    for (const listener of this.#tries) listener(told);
  }

  transport(): Transport {
    return this.#transport;
  }

  renew(identity: NodeIdentity): void {
    const old = this.#transport;
    const { url, node, met } = this.#deps;
    this.#transport = createTransport(url, node, identity, (certificate) => met(node, certificate));
    old.close();
  }

  contact(): ReturnType<Lower['contact']> {
    const isConnected = this.#connectedSince !== undefined;
    const currentAt = isConnected && this.#isCurrent ? this.#lastHeard : this.#currentAt;
    return {
      isConnected,
      connectedSince: this.#connectedSince,
      lastHeard: this.#lastHeard,
      currentAt,
      ...this.#throughBeyond(currentAt),
      refused: this.#session.refused,
      problem: this.#problem,
    };
  }

  async line(): Promise<UpperLine> {
    const { db, node, url } = this.#deps;
    const { waiting, filling, stuck, whole } = await countLine(db);
    return {
      node,
      url,
      ...this.contact(),
      backlog: waiting,
      filling,
      stuck,
      whole,
      clockOffsetMs: this.#clockOffsetMs,
    };
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running;
    this.#transport.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    let tries = 0;
    while (!signal.aborted) {
      try {
        await this.#connected(() => void (tries = 0));
      } catch (error) {
        if (signal.aborted) break;
        this.#gone(error);
      }
      const mostMs = Math.min(againFirstMs * 2 ** Math.min(tries++, 10), againMostMs);
      const waitMs = this.#session.refused === undefined ? mostMs : againRefusedMs;
      // Those that were cut off together do not come back together.
      await this.#deps.gate.changed.next(waitMs / 2 + this.#deps.ids.below(Math.ceil(waitMs / 2)), signal);
    }
  }

  /** One contact, until the line is cut. Two connections: on one the node above is heard, on the other it is asked. */
  async #connected(reached: () => void): Promise<void> {
    const { gate } = this.#deps;
    if (gate.cut().above) throw new Fault('unavailable', cutForDrill);
    await this.#deps.beforeContact?.();
    const contact = new AbortController();
    const signal = AbortSignal.any([contact.signal, this.#ending.signal]);
    const cut = new Promise<never>((_, reject) => {
      const end = gate.changed.listen(() => gate.cut().above && reject(new Fault('unavailable', cutForDrill)));
      signal.addEventListener('abort', end, { once: true });
    });
    const news = createWake();
    let isNews = true;
    const ring = (): void => {
      isNews = true;
      news.ring();
    };
    const endListening = this.#deps.wake.listen(ring);
    const hearing = this.#transport
      .hear(({ isNews: isRing, beyond }) => {
        this.#heard();
        if (beyond !== undefined) this.#heardBeyond(beyond);
        if (isRing) ring();
      }, signal)
      .then(() => Promise.reject(new Fault('unavailable', 'The node above is not heard of any more.')));
    const asking = this.#askAll(signal, {
      reached,
      async wait() {
        if (!isNews) await news.next(idleMs, signal);
        isNews = false;
      },
    });
    try {
      await Promise.race([hearing, asking, cut]);
    } finally {
      contact.abort();
      endListening();
      await Promise.allSettled([hearing, asking]);
    }
  }

  async #askAll(signal: AbortSignal, { reached, wait }: { reached(): void; wait(): Promise<void> }): Promise<void> {
    this.#session = { ...newSession(), token: this.#session.token, refused: this.#session.refused };
    await this.#tellNodes(signal);
    while (!signal.aborted) {
      if (this.#deps.clock.now() - this.#nodesAt > nodesEveryMs) await this.#tellNodes(signal);
      await wait();
      while (!signal.aborted && !(await this.#askOne(signal)));
      reached();
    }
  }

  /** True when there is nothing left to ask. */
  async #askOne(signal: AbortSignal): Promise<boolean> {
    const { sync, clock } = this.#deps;
    let request = await sync.ask(this.#session);
    // Requests take turns: one that sends comes within four.
    for (let turn = 0; turn < 4 && this.#mustWait(request); turn++) request = await sync.ask(this.#session);
    if (request === undefined || this.#mustWait(request)) return true;
    const asked = clock.now();
    const protocol = this.#session.protocol || protocols.newest;
    const answer = await this.#transport.exchange(request, protocol, signal);
    this.#heard(request.kind === 'pull' || request.kind === 'hello' ? clock.now() - asked : undefined);
    if (answer.kind === 'welcome') this.#clockOffsetMs = Math.round(answer.clock - (asked + clock.now()) / 2);
    await sync.take(this.#session, request, answer);
    if (answer.kind === 'refused' && this.#session.refused !== undefined) throw new Refused(this.#session.refused);
    if (answer.kind !== 'refused') this.#isReached();
    if (answer.kind === 'later') throw new Fault('unavailable', `The node above asks to come again: ${answer.why}`);
    return this.#isEnd(request, answer);
  }

  /** What would bring something in, while there is no room for it. */
  #mustWait(request: Request | undefined): boolean {
    return this.#deps.isShort?.() === true && ['pull', 'fill', 'rights'].includes(request?.kind ?? '');
  }

  /** After an empty page nothing is left, unless something is to be sent or filled. */
  async #isEnd(request: Request, answer: Answer): Promise<boolean> {
    const isEmpty = request.kind === 'pull' && answer.kind === 'page' && answer.spans.length === 0;
    if (!isEmpty) {
      if (request.kind !== 'pull' || (answer.kind === 'page' && answer.hasMore)) this.#isCurrent = false;
      return false;
    }
    const { waiting, filling } = await countLine(this.#deps.db);
    const isAllDenied = filling > 0 && this.#session.denied.size >= filling;
    if (waiting > 0 || (filling > 0 && !isAllDenied)) return false;
    this.#isCurrent = true;
    this.#currentAt = this.#deps.clock.now();
    this.changed.ring();
    return true;
  }

  async #tellNodes(signal: AbortSignal): Promise<void> {
    const text = await this.#transport.ask('GET', paths.nodes, undefined, signal);
    await this.#deps.tellNodes(regionNodes.parse(JSON.parse(text)));
    this.#nodesAt = this.#deps.clock.now();
  }

  #isReached(): void {
    this.#problem = undefined;
    if (this.#connectedSince !== undefined) return;
    this.#connectedSince = this.#deps.clock.now();
    this.changed.ring();
  }

  /** The node above tells how its own line stands. */
  #heardBeyond({ silentMs, ageMs }: Beyond): void {
    const now = this.#deps.clock.now();
    const before = this.#beyond;
    const cutSince = silentMs === undefined ? undefined : (before?.cutSince ?? now - silentMs);
    this.#beyond = { cutSince, currentAt: ageMs === undefined ? undefined : now - ageMs };
    if (before === undefined || (before.cutSince === undefined) !== (cutSince === undefined)) this.changed.ring();
  }

  /** What is here is as old as the oldest link of the way that it came. */
  #throughBeyond(currentAt: number | undefined): Pick<UpperLine, 'beyondCutSince' | 'regionAt'> {
    if (this.#beyond === undefined) return { beyondCutSince: undefined, regionAt: currentAt };
    const { cutSince, currentAt: before } = this.#beyond;
    const regionAt = currentAt === undefined || before === undefined ? undefined : Math.min(currentAt, before);
    return { beyondCutSince: cutSince, regionAt };
  }

  #heard(latencyMs?: number): void {
    const at = this.#deps.clock.now();
    this.#lastHeard = at;
    this.#tried({ at, outcome: 'answered', ...(latencyMs === undefined ? {} : { latencyMs }) });
  }

  #gone(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem !== this.#problem) this.#deps.report('line above', error);
    this.#problem = problem;
    this.#tried({ at: this.#deps.clock.now(), outcome: 'failed' });
    if (this.#connectedSince !== undefined && this.#isCurrent) this.#currentAt = this.#lastHeard;
    this.#connectedSince = undefined;
    this.#isCurrent = false;
    this.changed.ring();
  }
}

const cutForDrill = 'The line is cut for a drill.';

class Refused extends Error {
  constructor(why: NonNullable<Session['refused']>) {
    super(refusals[why]);
  }
}

const refusals = {
  stranger: 'The node above does not know this node: it was not added there, or was removed.',
  copy: 'Another node has gone on under the name of this one: this one was restored or copied. A person must decide which goes on.',
  protocol: 'The node above speaks no version of the protocol that this one does: upgrade one release at a time.',
} as const;
