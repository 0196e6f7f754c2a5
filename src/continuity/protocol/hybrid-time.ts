/**
 * Hybrid time (Kulkarni et al. 2014): the node's clock where it runs ahead, else just after the latest time heard of. So what caused comes before what
 * followed, whatever the clocks say. One number: milliseconds, with the count of events within one as its fraction.
 */

/** Events within one millisecond: a 64th of it each, which a double holds exactly for the next ten thousand years. */
const tick = 1 / 64;

/** The time of something that happens now at a node whose clock says `nowMs` and that has heard of nothing later than `heard`. */
export function hybridTime(nowMs: number, heard: number): number {
  return nowMs > heard ? nowMs : heard + tick;
}
