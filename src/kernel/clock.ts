/** Time is handed in, so that tests and simulations own it. Only this file may read the machine's clock. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
};

export const systemClock: Clock = { now: () => Date.now() };
