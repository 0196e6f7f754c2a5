/** How many requests of one person or system are worked on at once: the others wait for a place, so that nobody takes all of the database's connections. */
import { Fault } from './fault.ts';

export type RequestsAtOnce = {
  /**
   * Takes a place for the request, which has it until `leave`. Undefined: it has one. Else resolves when it has, and rejects with a Fault `busy` where it
   * came to none in time, or too many wait already.
   */
  take(key: string, request: object): Promise<void> | undefined;
  /** The request is over: its place is the next one's. */
  leave(request: object): void;
};

export type RequestsAtOnceOptions = {
  /** Places of one key; 0: as many as come. */
  placesMax: number;
  waitingMax?: number;
  waitMs?: number;
};

type Waiting = { request: object; begin(): void };
type Places = { taken: number; waiting: Waiting[] };

export function createRequestsAtOnce({
  placesMax,
  waitingMax = 100,
  waitMs = 10_000,
}: RequestsAtOnceOptions): RequestsAtOnce {
  const byKey = new Map<string, Places>();
  /** Of those that have a place, or wait for one: whose it is. */
  const keyOf = new Map<object, string>();

  const wait = (places: Places, key: string, request: object): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        places.waiting = places.waiting.filter((one) => one.request !== request);
        keyOf.delete(request);
        reject(tooMuch());
      }, waitMs);
      keyOf.set(request, key);
      places.waiting.push({
        request,
        begin() {
          clearTimeout(timer);
          resolve();
        },
      });
    });

  return {
    take(key, request) {
      if (placesMax === 0 || keyOf.has(request)) return undefined;
      const places = byKey.get(key) ?? { taken: 0, waiting: [] };
      byKey.set(key, places);
      if (places.taken >= placesMax) {
        return places.waiting.length >= waitingMax ? Promise.reject(tooMuch()) : wait(places, key, request);
      }
      places.taken++;
      keyOf.set(request, key);
      return undefined;
    },
    leave(request) {
      const key = keyOf.get(request);
      const places = key === undefined ? undefined : byKey.get(key);
      if (key === undefined || places === undefined) return;
      keyOf.delete(request);
      const waited = places.waiting.findIndex((one) => one.request === request);
      if (waited >= 0) {
        // It went away before it had a place: it is let go on, to end.
        places.waiting.splice(waited, 1)[0]?.begin();
        return;
      }
      const next = places.waiting.shift();
      if (next !== undefined) return next.begin();
      places.taken--;
      if (places.taken === 0) byKey.delete(key);
    },
  };
}

const tooMuch = (): Fault =>
  new Fault('busy', 'You ask for much at once. Wait for some of the answers, and try again.', { retryAfterSeconds: 1 });
