/** What cuts the lines of this very node on purpose, for a drill: nothing is told to the other side, as when a cable is pulled. */
import { createWake, type Wake } from './wake.ts';

export type LineCut = { readonly above: boolean; readonly below: boolean };

export type LineGate = {
  /** What is cut now. */
  cut(): LineCut;
  set(cut: LineCut): void;
  changed: Wake;
};

export const uncut: LineCut = { above: false, below: false };

export function createGate(): LineGate {
  let now = uncut;
  const changed = createWake();
  return {
    cut: () => now,
    set(cut) {
      if (cut.above === now.above && cut.below === now.below) return;
      now = cut;
      changed.ring();
    },
    changed,
  };
}
