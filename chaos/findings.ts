/** What a check says of a promise: held so many times, or broken here. */

export const promises = {
  I1: 'nothing acknowledged is lost',
  I2: 'done once',
  I3: 'nothing overwritten in silence',
  I4: 'all agree',
  I5: 'nothing absent that is told as all',
  I8: 'the access log is whole and complete',
  I9: 'no damaged bytes are served',
  I10: 'what is told as safe has a second copy',
  I11: 'who is cut off costs the others nothing',
  I12: 'rights offline',
  I13: 'care goes on alone',
  I14: 'one goes on, and hands over all that it has',
  I15: 'causes before what follows',
  I17: 'conflicts come to a person',
} as const;

export type PromiseName = keyof typeof promises;

export type Finding = { promise: PromiseName; node: string; what: string };

export class Tally {
  readonly checked = new Map<PromiseName, number>();
  readonly findings: Finding[] = [];

  /** Counts one thing that was looked at, and notes it if it is not as promised. */
  check(promise: PromiseName, isHeld: boolean, node: string, what: () => string): void {
    this.checked.set(promise, (this.checked.get(promise) ?? 0) + 1);
    if (!isHeld) this.findings.push({ promise, node, what: what() });
  }

  brokenOf(promise: PromiseName): Finding[] {
    return this.findings.filter((finding) => finding.promise === promise);
  }
}
