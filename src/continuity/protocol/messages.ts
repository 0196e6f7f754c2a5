/** What goes over the line between a node and its upstream. The lower one asks, always; the upper one answers. */
import type { Operation, Unit, Verdict } from './view.ts';
import type { Version } from './version.ts';

/** A version as it stands in a feed: its number in its bucket, and what became current by it. */
export type FeedEntry = {
  readonly bucket: number;
  readonly n: number;
  readonly version: Version;
  readonly tip: string;
  /** The asking node's name when from here on it must hold the patient, or need no longer; else empty. */
  readonly gains: readonly string[];
  readonly losses: readonly string[];
};

/** The numbers that a page covers of a bucket, after `from` up to and with `to`; what is not among the entries is not for the asking node. */
export type Span = { readonly bucket: number; readonly from: number; readonly to: number };

export type Page = {
  readonly kind: 'page';
  readonly epoch: string;
  readonly spans: readonly Span[];
  readonly entries: readonly FeedEntry[];
  /**
   * Patients of whom the asking node knows a reason, and of whom entries were passed over since none holds any more: what it has of them is not whole,
   * though the entry that tells of the reason's end may come with a later page.
   */
  readonly withheld: readonly string[];
  /** There is more at once. */
  readonly hasMore: boolean;
};

/** What decides who may read, ahead of all else that waits: `spans` are those of this lane alone, and say nothing of the rest of the feed. */
export type Ahead = Pick<Page, 'epoch' | 'spans' | 'entries' | 'hasMore'> & { readonly kind: 'ahead' };

/** A resource with all its versions. */
export type FilledResource = { readonly resource: string; readonly tip: string; readonly versions: readonly Version[] };

/** A page of one unit. */
export type FillPage = {
  readonly unit: Unit;
  /** The number of the unit's bucket when the page was made. */
  readonly asOf: number;
  readonly after: string | undefined;
  readonly resources: readonly FilledResource[];
  /** Where the next page begins; undefined: this was the last. */
  readonly next: string | undefined;
  /** The upstream itself has the unit whole. */
  readonly isWhole: boolean;
};

/** A version that is about to be removed below. */
export type VouchedFor = { readonly resource: string; readonly version: string; readonly seal: string };

export type Vouched = {
  readonly kind: 'vouched';
  readonly epoch: string;
  /** Of those asked about: not there at all, and there without the content, or damaged. All others are there, whole. */
  readonly absent: readonly VouchedFor[];
  readonly damaged: readonly VouchedFor[];
};

export type Request =
  | {
      readonly kind: 'hello';
      /** The protocol versions that the node speaks. */
      readonly protocols: { readonly oldest: number; readonly newest: number };
      /** How many times it was restored or joined anew. */
      readonly life: number;
      readonly confirmed: string;
      /** Asked for since, the newest last: it becomes the token of this contact. */
      readonly tried: readonly string[];
      /** Its clock, milliseconds since 1970. */
      readonly clock: number;
    }
  | { readonly kind: 'push'; readonly token: string; readonly operations: readonly Operation[] }
  /** From a node that was refused as a copy: without a token, since it has none that holds. */
  | { readonly kind: 'handOver'; readonly operations: readonly Operation[] }
  | {
      readonly kind: 'pull';
      readonly token: string;
      readonly epoch: string;
      readonly cursor: ReadonlyMap<number, number>;
      readonly limit: number;
    }
  /** What decides who may read, behind these numbers: asked before anything else. From protocol 3 on. */
  | {
      readonly kind: 'rights';
      readonly token: string;
      readonly epoch: string;
      readonly cursor: ReadonlyMap<number, number>;
      readonly limit: number;
    }
  | {
      readonly kind: 'fill';
      readonly token: string;
      /** Several at once, since most of what is nobody's fills little. */
      readonly units: readonly { readonly unit: Unit; readonly after: string | undefined }[];
      /** Resources in all pages of the answer. */
      readonly limit: number;
    }
  | { readonly kind: 'compare'; readonly token: string; readonly digests: ReadonlyMap<Unit, string> }
  /** Before the asking node removes what it has of a patient: does the node above have these versions? From protocol 3 on. */
  | { readonly kind: 'vouch'; readonly token: string; readonly patient: Unit; readonly names: readonly VouchedFor[] };

export type Answer =
  | {
      readonly kind: 'welcome';
      readonly protocol: number;
      readonly epoch: string;
      /** The last number of each bucket. */
      readonly heads: ReadonlyMap<number, number>;
      readonly clock: number;
    }
  /** `copy`: another node has gone on under this name; `protocol`: no version in common; `hello`: say hello first. */
  | { readonly kind: 'refused'; readonly why: 'stranger' | 'copy' | 'protocol' | 'hello' }
  | {
      readonly kind: 'verdicts';
      /** By the clock of the node above. From protocol 3 on. */
      readonly clock?: number;
      readonly verdicts: readonly { readonly operation: string; readonly verdict: Verdict }[];
    }
  | Page
  | Ahead
  /** A page of each unit that was asked for, as far as the limit reached; those that are not for the asking node are named. */
  | {
      readonly kind: 'fillPages';
      readonly epoch: string;
      readonly pages: readonly FillPage[];
      readonly notYours: readonly Unit[];
      /** Of those, the resources that once said that they were: what they say now. From protocol 3 on. */
      readonly told?: readonly FilledResource[];
    }
  | { readonly kind: 'compared'; readonly different: readonly Unit[] }
  | Vouched
  /** Nothing was done: too busy, or no room on the disk. */
  | { readonly kind: 'later'; readonly why: string };
