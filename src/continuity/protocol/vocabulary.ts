/**
 * How the sync rules understand content. They move texts and decide by what this says of them; it is handed in, so that the simulation has a small
 * one and a real node that of FHIR.
 */
import type { Sealing, Version } from './version.ts';

/** What a version says that the rules act on. */
export type Meaning = {
  /** Nodes that hold this patient's whole record while it is active: admitted, expected, referred, booked, listed, on call. */
  readonly reasons?: readonly { readonly node: string; readonly active: boolean }[];
  /** Which node writes this encounter. */
  readonly custody?: { readonly encounter: string; readonly holder: string; readonly isSeized: boolean };
  readonly claim?: Claim;
  /** The reconciliation task of a conflict: whether it is done. Such tasks never conflict in turn. */
  readonly reconciliation?: { readonly isDone: boolean };
  /** `Type/id` of what it refers to. */
  readonly references?: readonly string[];
};

/** Something that must happen once: a dispense of a prescription, a booking of a slot, a dose of an order at its time. */
export type Claim = {
  /** What may be taken once. */
  readonly key: string;
  /** What is taken together with it: a booking of several slots takes all or none. */
  readonly also?: readonly string[];
  /** The node that decides. */
  readonly home: string;
  /** `requested` waits for the home; `effective` holds, or has happened; `void` was refused or cancelled. */
  readonly status: 'requested' | 'effective' | 'void';
  /** It happened while the home could not be asked. */
  readonly isEmergency: boolean;
};

/** All that a claim takes. */
export function keysOf({ key, also }: Claim): readonly string[] {
  return also === undefined ? [key] : [key, ...also];
}

export type Vocabulary = Sealing & {
  /** Of a version, or of one that is still to be made. */
  meaning(version: Pick<Version, 'type' | 'content'>): Meaning;
  /** Why this node can not take the version: not valid here, or of a newer protocol. Undefined: it can. */
  refusal(version: Version): string | undefined;
  /** The content that joins two changes of one version, where the table of what may be merged allows it. */
  merged(type: string, base: Version | undefined, one: Version, other: Version): string | undefined;
  /** The content with the version's id and time in it, where content tells them. */
  named(content: string, version: { readonly resource: string; readonly id: string; readonly at: number }): string;
  /** The content of a request that its home has decided. */
  settled(request: Version, isGranted: boolean): string;
  /** The content of the task that asks a person to decide about a version that is kept beside the current one. */
  reconciliationTask(beside: Version): string;
  /** The content of the alert that something which may happen once may have happened twice. */
  doubleAlert(key: string, patient: string | undefined): string;
  /** Part of every summary: known of each resident at every site, not only of those who are treated there. */
  isSummary(type: string): boolean;
  /** Filled first, since it decides who may see the rest: consents, blocks, break-glass. */
  isAccessInput(type: string): boolean;
};
