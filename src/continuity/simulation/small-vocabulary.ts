/** Content as the simulation writes it: a little JSON that says what the sync rules ask for. */
import { mergedElements, type Elements } from '../protocol/merge.ts';
import type { Version } from '../protocol/version.ts';
import type { Claim, Meaning, Vocabulary } from '../protocol/vocabulary.ts';
import { shortHash } from './random.ts';

/** The content of a version; every field beside `text` is something that a rule acts on. */
export type Content = {
  text?: string;
  telecom?: string[];
  reason?: { node: string; active: boolean };
  custody?: { encounter: string; holder: string; isSeized: boolean };
  claim?: Claim;
  reconciliation?: { of: string; version: string; isDone: boolean };
  /** Only a program of this protocol version or a newer one understands it. */
  protocol?: number;
  /** The region refuses it until a person has mended what was wrong there. */
  isPoisoned?: boolean;
  references?: string[];
};

const nothing: Meaning = {};
const summaryTypes = new Set(['Patient', 'AllergyIntolerance']);

/** What was read of versions once: it follows from their content alone, so all nodes of all runs may share it. */
export type Known = {
  meanings: WeakMap<object, Meaning>;
  intact: WeakSet<Version>;
  demands: WeakMap<object, Demands>;
};

export function newKnown(): Known {
  return { meanings: new WeakMap(), intact: new WeakSet(), demands: new WeakMap() };
}

/** What a version asks of who takes it in. */
type Demands = { protocol: number; isPoisoned: boolean };

const noDemands: Demands = { protocol: 1, isPoisoned: false };

function demandsOf(version: Version): Demands {
  if (typeof version.content !== 'string' || !/"protocol"|"isPoisoned"/.test(version.content)) return noDemands;
  return { ...noDemands, ...contentOf(version) };
}

/** How a node that speaks up to `protocol`, and lets poison through or not, understands content. */
export function createVocabulary(
  node: { protocol(): number; isStrict(): boolean; joinsEverything: boolean },
  { meanings, intact, demands }: Known,
): Vocabulary {
  const meaning = (version: Pick<Version, 'type' | 'content'>): Meaning => {
    const known = meanings.get(version);
    if (known) return known;
    const read = typeof version.content === 'string' ? meaningOf(contentOf(version)) : nothing;
    meanings.set(version, read);
    return read;
  };
  return {
    meaning,
    refusal(version) {
      let asked = demands.get(version);
      if (asked === undefined) demands.set(version, (asked = demandsOf(version)));
      const { protocol, isPoisoned } = asked;
      if (protocol > node.protocol()) return 'of a newer protocol';
      return isPoisoned && node.isStrict() ? 'not valid here' : undefined;
    },
    merged: (type, base, one, other) =>
      node.joinsEverything ? (one.content ?? undefined) : mergedContent(type, base, one, other),
    named: (content) => content,
    settled(request, isGranted) {
      const content = contentOf(request);
      const claim = { ...(content.claim as Claim), status: isGranted ? ('effective' as const) : ('void' as const) };
      return JSON.stringify({ ...content, claim });
    },
    reconciliationTask: ({ resource, id }) =>
      JSON.stringify({ reconciliation: { of: resource, version: id, isDone: false } } satisfies Content),
    doubleAlert: (key) => JSON.stringify({ text: `twice: ${key}` } satisfies Content),
    isSummary: (type) => summaryTypes.has(type),
    isAccessInput: (type) => type === 'Consent',
    hash: shortHash,
    knownIntact: intact,
  };
}

export function contentOf(version: Pick<Version, 'content'>): Content {
  return JSON.parse(version.content as string) as Content;
}

function meaningOf({ reason, custody, claim, reconciliation, references }: Content): Meaning {
  return {
    ...(reason ? { reasons: [reason] } : {}),
    ...(custody ? { custody } : {}),
    ...(claim ? { claim } : {}),
    ...(reconciliation ? { reconciliation } : {}),
    ...(references ? { references } : {}),
  };
}

function mergedContent(type: string, base: Version | undefined, one: Version, other: Version): string | undefined {
  if (typeof one.content !== 'string' || typeof other.content !== 'string') return undefined;
  const elements = (version: Version | undefined): Elements | undefined =>
    typeof version?.content === 'string' ? (JSON.parse(version.content) as Elements) : undefined;
  const [left, right] = [contentOf(one), contentOf(other)];
  if (left.reconciliation && right.reconciliation) {
    const isDone = left.reconciliation.isDone || right.reconciliation.isDone;
    return JSON.stringify({ reconciliation: { ...left.reconciliation, isDone } } satisfies Content);
  }
  const merged = mergedElements(type, elements(base), left as Elements, right as Elements);
  return merged && JSON.stringify(merged);
}
