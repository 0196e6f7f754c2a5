/** The door of subscriptions: runs them beside the record, and answers their operations. */
import type { HttpServer } from '#kernel/http.ts';
import type { Resource } from '../types.ts';
import type { SubscriptionDeps } from './deps.ts';
import { bindingToken, eventsOf, statusOf } from './operations.ts';
import type { EventsRequest } from './operations.ts';
import { SubscriptionRunner } from './runner.ts';
import { registerSocketDoor, type MayBind } from './socket-door.ts';
import { SocketHub } from './socket-hub.ts';
import { readState, readToken } from './subscription-store.ts';

export type { SubscriptionDeps } from './deps.ts';
export type { EndpointRules } from './endpoint-rules.ts';

export type Subscriptions = {
  /** Starts to look after the feed by itself; `stop` ends it and lets what is under way end. */
  start(): void;
  stop(): Promise<void>;
  /** Something was written: look soon. Costs nothing. `isSubscription`: a Subscription or a topic (Basic) is among it. */
  wake(isSubscription?: boolean): void;
  /** One whole round (enrol, collect, deliver); resolves when nothing more is due. `start` makes them without waiting for receivers. */
  round(): Promise<void>;
  /** Opens the WebSocket door at this path. `mayBind` tells by which ids the one who connects may bind. */
  register(server: HttpServer, path: string, mayBind: MayBind): Promise<void>;
  status(ids: readonly string[], statuses?: readonly string[]): Promise<Resource>;
  events(id: string, request: EventsRequest): Promise<Resource>;
  bindingToken(ids: readonly string[]): Promise<Resource>;
};

/** `socketUrl` is what `$get-ws-binding-token` tells clients: where `register` opened the door. */
export function createSubscriptions(deps: SubscriptionDeps & { socketUrl: string }): Subscriptions {
  const hub = new SocketHub();
  const runner = new SubscriptionRunner({ ...deps, hub });
  return {
    start: () => runner.start(),
    async stop() {
      hub.closeAll();
      await runner.stop();
    },
    wake: (isSubscription = false) => runner.wake(isSubscription),
    round: () => runner.round(),
    register: (server, path, mayBind) =>
      registerSocketDoor(server, path, {
        mayBind,
        bindable: (words) => bindable(deps, words),
        bind(subscription, listener) {
          hub.bind(subscription, listener);
          runner.wake(false);
        },
        unbind: (listener) => hub.unbind(listener),
      }),
    status: (ids, statuses) => statusOf(deps, ids, statuses),
    events: (id, request) => eventsOf(deps, id, request),
    bindingToken: (ids) => bindingToken(deps, ids),
  };
}

async function bindable(
  { db, clock }: Pick<SubscriptionDeps, 'db' | 'clock'>,
  words: { id: string } | { token: string },
): Promise<string[]> {
  const ids = 'id' in words ? [words.id] : await readToken(db, words.token, clock.now());
  const states = await Promise.all(ids.map((id) => readState(db, id)));
  return states.flatMap((state) => (state?.channel === 'websocket' && state.status !== 'off' ? [state.id] : []));
}
