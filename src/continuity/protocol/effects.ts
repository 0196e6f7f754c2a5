/** What a decision wants: data, which the shell makes durable in one transaction before anything is answered. */
import type { Holding, Operation, Unit, Verdict } from './view.ts';
import type { Version } from './version.ts';

export type Effect =
  /** To the record and the node's own feed, in the version's bucket. `isNew` false: only the tip moved, to a version that is there. */
  | {
      readonly kind: 'version';
      readonly version: Version;
      readonly tip: string;
      readonly isNew: boolean;
      /** The children who must hold the patient from here on, and those who need no longer: told to them with the entry. */
      readonly gains: readonly string[];
      readonly losses: readonly string[];
    }
  /** Content that was missing, or damaged, has come. */
  | { readonly kind: 'content'; readonly version: Version }
  /** Into the outbox, after all that is there. */
  | { readonly kind: 'send'; readonly operation: Operation }
  /** What was answered to an operation from below, to be answered again. */
  | { readonly kind: 'verdict'; readonly operation: string; readonly verdict: Verdict }
  | { readonly kind: 'setAside'; readonly operation: Operation; readonly why: string; readonly after?: string }
  | { readonly kind: 'released'; readonly operation: string }
  /** What upstream answered to an operation of the outbox. */
  | { readonly kind: 'answered'; readonly operation: string; readonly verdict: Verdict }
  /** Send it again with what it builds upon. */
  | { readonly kind: 'ancestry'; readonly operation: string }
  | { readonly kind: 'holding'; readonly unit: Unit; readonly holding: Holding | undefined }
  /** Remove these resources, which the node held only for treating this patient: all versions, and what says that they were here. */
  | { readonly kind: 'purge'; readonly patient: string; readonly resources: readonly string[] }
  | { readonly kind: 'cursor'; readonly bucket: number; readonly n: number }
  /** A new line of upstream's history: the cursor of each bucket from now on. All sent operations wait again. */
  | { readonly kind: 'epoch'; readonly epoch: string; readonly cursor: ReadonlyMap<number, number> }
  /** Our side of the contact with upstream: the token that it confirmed, and those we asked for since and got no answer. */
  | { readonly kind: 'contact'; readonly confirmed: string; readonly tried: readonly string[] }
  /** The other side: the token that a child showed last, and its life. */
  | { readonly kind: 'child'; readonly child: string; readonly token: string; readonly life: number };
