/** What this process does without while a drill runs. Asked by the parts concerned; set by the drill. In memory only: a process that starts has everything. */
import type { Clock } from '#kernel/clock.ts';

export type Absences = {
  /** Since when images and documents of before can not be opened; undefined: they can. */
  archiveSince(): number | undefined;
  isSignInAway(): boolean;
  set(away: { archive: boolean; signIn: boolean }): void;
};

export function createAbsences(clock: Clock): Absences {
  let archiveSince: number | undefined;
  let signIn = false;
  return {
    archiveSince: () => archiveSince,
    isSignInAway: () => signIn,
    set(away) {
      archiveSince = away.archive ? (archiveSince ?? clock.now()) : undefined;
      signIn = away.signIn;
    },
  };
}
