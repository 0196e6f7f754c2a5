/** Something has changed that others may wait for. Many changes at once wake once. */
export type Wake = {
  ring(): void;
  /** Gives a function that ends the listening. */
  listen(listener: () => void): () => void;
  /** Fulfilled at the next ring, or after the time. */
  next(afterMs: number, signal?: AbortSignal): Promise<void>;
};

export function createWake(): Wake {
  const listeners = new Set<() => void>();
  let isRinging = false;
  const listen: Wake['listen'] = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    listen,
    ring() {
      if (isRinging) return;
      isRinging = true;
      setImmediate(() => {
        isRinging = false;
        for (const listener of new Set(listeners)) listener();
      });
    },
    next: (afterMs, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          end();
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, afterMs);
        const end = listen(done);
        signal?.addEventListener('abort', done, { once: true });
        if (signal?.aborted) done();
      }),
  };
}
