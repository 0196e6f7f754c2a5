/** What the ward's pages share: the keeper, and its state as it is now. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Keeper } from './keeper.ts';
import type { KeeperState } from './keeper-state.ts';

export const KeeperContext = createContext<Keeper | undefined>(undefined);

export function useKeeper(): { keeper: Keeper; state: KeeperState } {
  const keeper = useContext(KeeperContext) as Keeper;
  const state = useSyncExternalStore(keeper.listen, keeper.state);
  return { keeper, state };
}
