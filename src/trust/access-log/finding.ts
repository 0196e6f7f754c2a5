/** What verification finds, one thing at a time. */

export type Finding = {
  kind:
    | 'altered'
    | 'removed'
    | 'inserted'
    | 'moved'
    | 'column'
    | 'actor'
    | 'seal altered'
    | 'seal removed'
    | 'key'
    | 'cut off'
    | 'pruned';
  /** The entry that it is about, where it is about one. */
  number?: number;
  seal?: number;
  /** When, milliseconds since 1970, and who, as far as it can still be told. */
  at?: number;
  who?: string;
  /** In plain words. */
  problem: string;
};

/** The place of an entry, as far as it can still be told. */
export function whereOf(row: { number: number; at: number }, who?: string): Pick<Finding, 'number' | 'at' | 'who'> {
  return { number: row.number, at: row.at, ...(who === undefined ? {} : { who }) };
}

/** A time as people read it, in UTC. */
export function timeOf(ms: number): string {
  return Number.isFinite(ms) ? `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC` : 'an unknown time';
}

/** One line for a person: which entry or seal, when, who, and what is wrong with it. */
export function findingLine({ number, seal, at, who, problem }: Finding): string {
  const about = number === undefined ? (seal === undefined ? '' : `Seal ${seal}`) : `Entry ${number}`;
  const detail = [at === undefined ? undefined : timeOf(at), who].filter((part) => part !== undefined).join(', ');
  return `${about}${detail === '' ? '' : ` (${detail})`}${about === '' ? '' : ': '}${problem}`;
}
