/** Keeps subscriptions going: looks after the record and the feed, and has each subscription delivered in its own time. */
import { collectPage } from './collect.ts';
import { createCompiledCache } from './compiled.ts';
import type { CompiledCache } from './compiled.ts';
import { deliver } from './deliver.ts';
import type { SubscriptionDeps } from './deps.ts';
import { enrol } from './enrol.ts';
import type { SocketHub } from './socket-hub.ts';
import * as store from './subscription-store.ts';
import type { SubscriptionState } from './subscription-store.ts';

const second = 1000;
const day = 24 * 60 * 60 * second;
/** Other nodes write too: so often the feed is looked at, and the Subscriptions themselves. */
const feedEveryMs = second;
/** Writes come in crowds: after one of them the feed is looked at so soon, for all of them at once. */
const gatherMs = 20;
const enrolEveryMs = 30 * second;
const pruneEveryMs = 60 * 60 * second;
/** Events that were delivered can be asked for again (`$events`) for a week. */
const eventsKeptMs = 7 * day;
/** What waits for a receiver that nobody repairs is not kept for ever. */
const errorsKeptMs = 30 * day;

export class SubscriptionRunner {
  readonly #deps: SubscriptionDeps & { hub: SocketHub };
  readonly #cache: CompiledCache;
  readonly #stopping = new AbortController();
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #due = { enrol: 0, prune: 0 };
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #isWoken = false;
  /** Nobody subscribes: writes need not wake anyone. */
  #isIdle = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(deps: SubscriptionDeps & { hub: SocketHub }) {
    this.#deps = deps;
    this.#cache = createCompiledCache(deps);
  }

  start(): void {
    this.#isStarted = true;
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#turn;
    await Promise.all(this.#inFlight.values());
  }

  wake(isSubscription: boolean): void {
    if (isSubscription) this.#due.enrol = 0;
    if (this.#isWoken || (this.#isIdle && !isSubscription)) return;
    this.#isWoken = true;
    void this.#turn.then(() => this.#schedule(gatherMs));
  }

  async round(): Promise<void> {
    await this.#look();
    await Promise.all(this.#inFlight.values());
  }

  #schedule(afterMs: number): void {
    if (!this.#isStarted || this.#stopping.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#turn = this.#takeTurn();
    }, afterMs);
    this.#timer.unref();
  }

  async #takeTurn(): Promise<void> {
    this.#isWoken = false;
    try {
      await this.#look();
    } catch (error) {
      this.#report('subscriptions', error);
    }
    this.#schedule(this.#isWoken ? gatherMs : feedEveryMs);
  }

  async #look(): Promise<void> {
    const { db, clock } = this.#deps;
    const now = clock.now();
    if (now >= this.#due.enrol) {
      this.#due.enrol = now + enrolEveryMs;
      await enrol(this.#deps, this.#cache);
    }
    if (now >= this.#due.prune) {
      this.#due.prune = now + pruneEveryMs;
      await store.prune(db, now - eventsKeptMs, now - errorsKeptMs, now);
    }
    const states = await store.readStates(db);
    this.#isIdle = states.every(({ status }) => status === 'off');
    if (this.#isIdle) return;
    while (!this.#stopping.signal.aborted && (await collectPage(this.#deps, this.#cache)));
    for (const state of await store.readStates(db)) this.#deliver(state);
  }

  /** One that waits for a slow receiver keeps none of the others. */
  #deliver(state: SubscriptionState): void {
    if (this.#inFlight.has(state.id) || state.status === 'off') return;
    const { signal } = this.#stopping;
    const work = async (): Promise<void> => {
      try {
        while (!signal.aborted && (await deliver(this.#deps, state, this.#cache, signal)));
      } catch (error) {
        this.#report('subscription delivery', error);
      } finally {
        this.#inFlight.delete(state.id);
      }
    };
    this.#inFlight.set(state.id, work());
  }

  #report(event: string, error: unknown): void {
    if (!this.#stopping.signal.aborted) this.#deps.report(event, error);
  }
}
