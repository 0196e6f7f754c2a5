/** When rounds are made: by the durable queue, and by a timer where that is late. */
import type { Clock } from '#kernel/clock.ts';
import type { PacksConfig } from '#kernel/config-packs.ts';
import type { Jobs } from '#kernel/jobs.ts';

/** The name of the job. */
export const job = 'packs';

export type Clockwork = {
  start(jobs: Pick<Jobs, 'add'>): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
  stop(): void;
};

/**
 * The durable queue starts each round. Long jobs of others may be before it, or the queue may be stuck; so a timer looks whether a round is overdue
 * and does it then.
 */
export function createClockwork(options: {
  settings: PacksConfig;
  clock: Clock;
  report(event: string, error: unknown): void;
  round(signal: AbortSignal): Promise<void>;
}): Clockwork {
  const { settings, clock, report, round } = options;
  const ending = new AbortController();
  let lastStart = clock.now();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let queue: Pick<Jobs, 'add'> | undefined;
  const once = (signal: AbortSignal): Promise<void> => {
    running ??= (async () => {
      lastStart = clock.now();
      await round(AbortSignal.any([signal, ending.signal]));
    })().finally(() => (running = undefined));
    return running;
  };
  const next = async (notBefore: number): Promise<void> => {
    if (!ending.signal.aborted) await queue?.add(job, {}, { key: job, notBefore, attemptsMax: 3 });
  };
  return {
    async start(jobs) {
      if (settings.everyMs === 0) return;
      queue = jobs;
      await next(clock.now());
      const overdue = (): boolean => clock.now() - lastStart > settings.everyMs * 1.5;
      timer = setInterval(() => {
        if (overdue()) once(ending.signal).catch((error: unknown) => report('packs', error));
      }, settings.everyMs / 2);
      timer.unref();
    },
    async run(signal) {
      const started = clock.now();
      try {
        await once(signal);
      } finally {
        await next(started + settings.everyMs);
      }
    },
    stop() {
      clearInterval(timer);
      ending.abort();
    },
  };
}
