/** Work that a line does again and again, each kind one at a time, until it ends: then what is under way is told so, and waited for. */
export type Repeated = {
  every(ms: number, work: (signal: AbortSignal) => Promise<void>): void;
  stop(): Promise<void>;
};

export function createRepeated(failed: (error: unknown) => void): Repeated {
  const ending = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const underWay = new Set<Promise<void>>();
  return {
    every(ms, work) {
      let isUnderWay = false;
      timers.push(
        setInterval(() => {
          if (isUnderWay) return;
          isUnderWay = true;
          const done: Promise<void> = work(ending.signal)
            .catch((error: unknown) => void (ending.signal.aborted || failed(error)))
            .finally(() => {
              isUnderWay = false;
              underWay.delete(done);
            });
          underWay.add(done);
        }, ms),
      );
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      ending.abort();
      await Promise.all(underWay);
    },
  };
}
