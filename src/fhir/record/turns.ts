/** Those who would change one resource take turns within a process, so that only writers of other processes can be overtaken. */
export type Turns = <T>(keys: readonly string[], work: () => Promise<T>) => Promise<T>;

/** Work starts when everything handed in earlier under any of its keys has ended. All keys are taken at once, so nobody waits in a circle. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return async (keys, work) => {
    if (keys.length === 0) return work();
    const { promise: mine, resolve: end } = Promise.withResolvers<void>();
    const earlier = keys.map((key) => last.get(key));
    for (const key of keys) last.set(key, mine);
    await Promise.all(earlier);
    try {
      return await work();
    } finally {
      end();
      for (const key of keys) if (last.get(key) === mine) last.delete(key);
    }
  };
}
