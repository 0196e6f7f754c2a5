/** Whether the window is as narrow as a phone: for pictures, which style sheets can't lay out anew. */
import { useSyncExternalStore } from 'react';

const narrow = (): MediaQueryList => matchMedia('(max-width: 52rem)');

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = narrow();
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => narrow().matches,
  );
}
