/** What the ward's pages show: made by the keeper, and nothing of it is kept but by the store. */
import type { WardAnswer } from '#continuity/ward-browser/contract.ts';
import type { Captured } from './captured.ts';
import type { Lost } from './ledger.ts';
import type { Person } from './store.ts';

export type KeeperState = {
  phase: 'starting' | 'signed-out' | 'not-for-you' | 'ready';
  /** Whether the node answers, and since when it does not. */
  contact: 'unknown' | 'node' | 'gone';
  goneSince: number | undefined;
  person: Person | undefined;
  /** The session's token: signing out sends it. */
  csrf: string | undefined;
  wards: readonly { ward: string; name: string }[] | undefined;
  /** The ward that was opened last: the node's word, or the copy. */
  ward: WardAnswer | undefined;
  isCopy: boolean;
  /** The copy is here and sealed under the device's own key. */
  isLocked: boolean;
  /** Until when the copy may be kept; undefined: none is. */
  keptUntil: number | undefined;
  isWiped: boolean;
  captures: readonly Captured[];
  lost: Lost;
  /** The browser keeps nothing: what is captured lies in this window alone. */
  isStoreBroken: boolean;
  /** The node's words when a ward could not be had. */
  problem: string | undefined;
};

export const first: KeeperState = {
  phase: 'starting',
  contact: 'unknown',
  goneSince: undefined,
  person: undefined,
  csrf: undefined,
  wards: undefined,
  ward: undefined,
  isCopy: false,
  isLocked: false,
  keptUntil: undefined,
  isWiped: false,
  captures: [],
  lost: { lines: [], areKnown: false },
  isStoreBroken: false,
  problem: undefined,
};
