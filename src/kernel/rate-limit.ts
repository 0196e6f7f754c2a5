/** How often a caller may ask: a bucket of tokens for each key (address or subject), which fills again with time. */
import type { Clock } from './clock.ts';

export type RateLimit = {
  /** Takes one token. Gives 0, or the milliseconds until there is one again: then nothing was taken. */
  take(key: string): number;
};

export type RateLimitOptions = {
  /** Tokens that come back each second. */
  perSecond: number;
  /** Tokens in a full bucket. */
  burst: number;
  clock: Clock;
  /** Keys that are remembered; beyond, those that have rested are forgotten first. */
  keysMax?: number;
};

/**
 * One number a key: the time at which its bucket is full again (the generic cell rate algorithm, which decides as a token bucket does).
 * Each process of a node counts by itself.
 */
export function createRateLimit({ perSecond, burst, clock, keysMax = 100_000 }: RateLimitOptions): RateLimit {
  const tokenMs = 1000 / perSecond;
  const fullAt = new Map<string, number>();
  return {
    take(key) {
      const now = clock.now();
      const next = Math.max(fullAt.get(key) ?? now, now) + tokenMs;
      const waitMs = next - now - burst * tokenMs;
      if (waitMs > 0) return Math.ceil(waitMs);
      fullAt.set(key, next);
      if (fullAt.size > keysMax) forget(fullAt, now, keysMax);
      return 0;
    },
  };
}

/** Full buckets need no memory. Where that is not enough, the oldest keys go: whoever floods with new keys must not fill the memory. */
function forget(fullAt: Map<string, number>, now: number, keysMax: number): void {
  for (const [key, time] of fullAt) if (time <= now) fullAt.delete(key);
  for (const key of fullAt.keys()) {
    if (fullAt.size <= keysMax / 2) return;
    fullAt.delete(key);
  }
}
