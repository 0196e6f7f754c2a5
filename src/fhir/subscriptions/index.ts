/** The door of subscriptions: runs them beside the record, and answers their operations. */
import type { HttpServer } from '#kernel/http.ts';
import type { Resource } from '../types.ts';
import { collectPage } from './collect.ts';
import { createCompiledCache } from './compiled.ts';
import { deliver } from './deliver.ts';
import type { SubscriptionDeps } from './deps.ts';
import { enrol } from './enrol.ts';
import { bindingToken, eventsOf, statusOf } from './operations.ts';
import type { EventsRequest } from './operations.ts';
import { registerSocketDoor } from './socket-door.ts';
import { SocketHub } from './socket-hub.ts';
import * as store from './subscription-store.ts';
import type { SubscriptionState } from './subscription-store.ts';

export type { SubscriptionDeps } from './deps.ts';
export type { EndpointRules } from './endpoint-rules.ts';
export type { Change } from './topics.ts';
export type { EventsRequest } from './operations.ts';

export type Subscriptions = {
  /** Starts to look after the feed by itself; `stop` ends it and lets what is under way end. */
  start(): void;
  stop(): Promise<void>;
  /** Something was written: look soon. Costs nothing. `isSubscription`: a Subscription or a topic (Basic) is among it. */
  wake(isSubscription?: boolean): void;
  /** One whole round (enrol, collect, deliver); resolves when nothing more is due. `start` makes them without waiting for receivers. */
  round(): Promise<void>;
  /** Opens the WebSocket door at this path. */
  register(server: HttpServer, path: string): Promise<void>;
  status(ids: readonly string[], statuses?: readonly string[]): Promise<Resource>;
  events(id: string, request: EventsRequest): Promise<Resource>;
  bindingToken(ids: readonly string[]): Promise<Resource>;
};

const second = 1000;
/** Other nodes write too: the feed is looked at so often, and the Subscriptions themselves. */
const feedEveryMs = second;
const enrolEveryMs = 30 * second;
const pruneEveryMs = 60 * 60 * second;
/** Events that were delivered can be asked for again (`$events`) for a week. */
const eventsKeptMs = 7 * 24 * 60 * 60 * second;

/** `socketUrl` is what `$get-ws-binding-token` tells clients: where `register` opened the door. */
export function createSubscriptions(deps: SubscriptionDeps & { socketUrl: string }): Subscriptions {
  const hub = new SocketHub();
  const cache = createCompiledCache(deps);
  const stopping = new AbortController();
  const due = { enrol: 0, prune: 0 };
  let timer: NodeJS.Timeout | undefined;
  let isStarted = false;
  let isWoken = false;
  let running: Promise<void> = Promise.resolve();
  const inFlight = new Map<string, Promise<void>>();

  const look = async (): Promise<void> => {
    const now = deps.clock.now();
    if (now >= due.enrol) {
      due.enrol = now + enrolEveryMs;
      await enrol(deps, cache);
    }
    if (now >= due.prune) {
      due.prune = now + pruneEveryMs;
      await store.prune(deps.db, now - eventsKeptMs, now);
    }
    const states = await store.readStates(deps.db);
    if (states.every(({ status }) => status === 'off')) return;
    while (!stopping.signal.aborted && (await collectPage(deps, cache)));
    for (const state of await store.readStates(deps.db)) if (!inFlight.has(state.id)) startDelivery(state);
  };

  /** Each subscription in its own time: one that waits for a slow receiver keeps none of the others. */
  const startDelivery = (state: SubscriptionState): void => {
    const work = async (): Promise<void> => {
      try {
        while (!stopping.signal.aborted && (await deliver({ ...deps, hub }, state, cache, stopping.signal)));
      } catch (error) {
        if (!stopping.signal.aborted) deps.report('subscription delivery', error);
      } finally {
        inFlight.delete(state.id);
      }
    };
    inFlight.set(state.id, work());
  };

  const turn = async (): Promise<void> => {
    isWoken = false;
    try {
      await look();
    } catch (error) {
      if (!stopping.signal.aborted) deps.report('subscriptions', error);
    }
    schedule(isWoken ? 0 : feedEveryMs);
  };

  const schedule = (afterMs: number): void => {
    if (!isStarted || stopping.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => (running = turn()), afterMs);
    timer.unref();
  };

  const wake = (isSubscription = false): void => {
    if (isSubscription) due.enrol = 0;
    if (isWoken) return;
    isWoken = true;
    void running.then(() => schedule(0));
  };

  const bindable = async (words: { id: string } | { token: string }): Promise<string[]> => {
    const ids = 'id' in words ? [words.id] : await store.readToken(deps.db, words.token, deps.clock.now());
    const states = await store.readStates(deps.db);
    return ids.filter((id) =>
      states.some((state) => state.id === id && state.channel === 'websocket' && state.status !== 'off'),
    );
  };

  return {
    start() {
      isStarted = true;
      schedule(0);
    },
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      hub.closeAll();
      await running;
      await Promise.all(inFlight.values());
    },
    wake,
    async round() {
      await look();
      await Promise.all(inFlight.values());
    },
    register: (server, path) =>
      registerSocketDoor(server, path, {
        bindable,
        bind(subscription, listener) {
          hub.bind(subscription, listener);
          wake();
        },
        unbind: (listener) => hub.unbind(listener),
      }),
    status: (ids, statuses) => statusOf(deps, ids, statuses),
    events: (id, request) => eventsOf(deps, id, request),
    bindingToken: (ids) => bindingToken(deps, ids),
  };
}
