/** A map that never grows past a limit: what was used longest ago goes first, half of the limit at a time. */
export type Bounded<V> = {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  clear(): void;
};

/**
 * Two generations, so that a use of what was used lately costs no more than finding it: what is used lies in the young one, which becomes the old one when
 * it is half of the limit, and what nobody used since then goes with the old one before it.
 */
export function bounded<V>(limit: number): Bounded<V> {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  const keep = (key: string, value: V): void => {
    old.delete(key);
    young.set(key, value);
    if (young.size <= limit / 2) return;
    old = young;
    young = new Map();
  };
  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined || old.size === 0) return value;
      const earlier = old.get(key);
      if (earlier !== undefined) keep(key, earlier);
      return earlier;
    },
    set: keep,
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young.clear();
      old.clear();
    },
  };
}
