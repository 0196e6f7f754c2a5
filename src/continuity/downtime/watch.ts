/**
 * When the node itself proposes a downtime: no word from upstream for a set time, or words that come so late that nobody can work with them. A short gap
 * proposes nothing, and a line that comes and goes does not propose anew each time. Pure.
 */
import type { Proposal } from './rules.ts';

/** One try to reach the node above. Answered without a latency: a sign of life, which tells nothing of how fast it answers. */
export type Observation = { at: number; outcome: 'answered' | 'failed'; latencyMs?: number };

export type WatchSettings = {
  /** Without an answer for so long, a downtime is proposed. */
  silenceMs: number;
  /** An answer that took longer counts as slow. */
  slowMs: number;
  /** Slow for so long (more than half of the tries), a downtime is proposed. */
  slowForMs: number;
  /** Answering well for so long, a proposal that nobody took up is taken back. */
  steadyMs: number;
};

export const defaultWatchSettings: WatchSettings = {
  silenceMs: 120_000,
  slowMs: 3000,
  slowForMs: 300_000,
  steadyMs: 120_000,
};

export type Watch = {
  /** The last answer; before the first, when the watch began. */
  answered: number;
  /** Since when every try was answered in time; undefined: the last was not. */
  wellSince: number | undefined;
  /** Tries of the last `slowForMs`, at most `keptMax`, thinned out evenly. */
  recent: readonly { at: number; isSlow: boolean }[];
  /** Since when there are tries at all, so that a node that just started is not slow "for five minutes". */
  began: number;
  proposed: 'upstream' | 'slow' | undefined;
};

export type Watched = { watch: Watch; propose?: Proposal; withdraw?: true };

const keptMax = 600;

export function beginWatch(now: number): Watch {
  return { answered: now, wellSince: undefined, recent: [], began: now, proposed: undefined };
}

/** Takes in one try. A clock that goes back counts as no time. */
export function observe(watch: Watch, seen: Observation, settings: WatchSettings): Watched {
  const at = Math.max(seen.at, watch.recent.at(-1)?.at ?? watch.began);
  const isAnswered = seen.outcome === 'answered';
  const isSlow = !isAnswered || (seen.latencyMs ?? 0) > settings.slowMs;
  const within = watch.recent.filter((one) => one.at > at - settings.slowForMs);
  const kept = within.length < keptMax ? within : within.filter((_, i) => i % 2 === 1);
  const recent = isAnswered && seen.latencyMs === undefined ? kept : [...kept, { at, isSlow }];
  const next: Watch = {
    ...watch,
    answered: isAnswered ? at : watch.answered,
    wellSince: isSlow ? undefined : (watch.wellSince ?? at),
    recent,
  };
  if (next.proposed !== undefined) return settled(next, at, settings);
  if (at - next.answered >= settings.silenceMs) {
    return proposing(next, { kind: 'upstream', began: next.answered, reason: words.upstream });
  }
  const slow = recent.filter((one) => one.isSlow).length;
  if (at - next.began >= settings.slowForMs && recent.length >= 5 && slow * 2 > recent.length && isAnswered) {
    return proposing(next, { kind: 'slow', began: recent[0]?.at ?? at, reason: words.slow });
  }
  return { watch: next };
}

const words = {
  upstream: 'No answer from the node above.',
  slow: 'The node above answers too late to work with.',
} as const;

function proposing(watch: Watch, propose: Proposal): Watched {
  return { watch: { ...watch, proposed: propose.kind === 'slow' ? 'slow' : 'upstream' }, propose };
}

function settled(watch: Watch, at: number, { steadyMs }: WatchSettings): Watched {
  if (watch.wellSince === undefined || at - watch.wellSince < steadyMs) return { watch };
  return { watch: { ...watch, proposed: undefined }, withdraw: true };
}
