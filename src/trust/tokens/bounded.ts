/** A map that never grows past a limit: what was used longest ago goes first. */
export type Bounded<V> = {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  clear(): void;
};

export function bounded<V>(limit: number): Bounded<V> {
  const held = new Map<string, V>();
  return {
    get(key) {
      const value = held.get(key);
      if (value === undefined) return undefined;
      held.delete(key);
      held.set(key, value);
      return value;
    },
    set(key, value) {
      held.delete(key);
      held.set(key, value);
      if (held.size > limit) held.delete(held.keys().next().value as string);
    },
    delete: (key) => void held.delete(key),
    clear: () => held.clear(),
  };
}
