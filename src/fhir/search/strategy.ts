/**
 * Which way into the index. PostgreSQL's planner believes that a walk in the answer's order soon fills a page, and knows nothing of rare tokens: both are
 * dear when little matches. So a search with tokens goes through the token index first, as far as a cap; only tokens that have shown themselves common
 * are left to the planner, whose statistics do know those.
 */
import { allTests, everything, isSelective, type IndexTest } from './index-test.ts';

/** `tokens`: the token index, whole. `capped`: the token index, unless it finds too many. `planner`: PostgreSQL chooses. */
export type Strategy = 'tokens' | 'capped' | 'planner';

/**
 * Rows that the token index may give before a search is left to the planner. More where tokens do not decide all: then little may match, a walk in order
 * would see everything, and the token index only what the tokens leave.
 */
export const capFor = (rest: IndexTest): number => (rest.kind === 'everything' ? 10_000 : 50_000);

/** A test as what the token index answers, and what is decided on the rows that it gives. */
export function parted(test: IndexTest): { tokens: IndexTest | undefined; rest: IndexTest } {
  const all = test.kind === 'all' ? test.of : [test];
  const tokens = all.filter(isOfTokens);
  const rest = all.filter((one) => !isOfTokens(one));
  return {
    tokens: tokens.length === 0 ? undefined : allTests(tokens),
    rest: rest.length === 0 ? everything : allTests(rest),
  };
}

function isOfTokens(test: IndexTest): boolean {
  if (test.kind === 'any' || test.kind === 'all') return test.of.every(isOfTokens);
  return test.kind === 'tokens';
}

const usesBeforeAskedAnew = 1000;
const remembered = 5000;
/** Fewer rows than this are not worth comparing ways for. */
const few = 500;

export type Wanted = {
  /** Rows of a page. */
  limit: number;
  /** An index has the answer's order, so that a page may be had without seeing all. */
  isWalkable: boolean;
  /** About how many resources of the searched types there are; asked only when it matters. */
  typeRows(): Promise<number>;
};

type Counted = { rows: number; fits: number; uses: number };

/** Remembers how much a search's tokens gave, and how much of that fitted: bounded, and each is counted anew after so many uses. */
export class Strategies {
  readonly #counted = new Map<string, Counted>();

  async choose(test: IndexTest, { limit, isWalkable, typeRows }: Wanted): Promise<Strategy> {
    if (isSelective(test)) return 'tokens';
    const { tokens, rest } = parted(test);
    if (tokens === undefined) return 'planner';
    if (!isWalkable) return 'tokens';
    const known = this.#counted.get(JSON.stringify(test));
    if (known === undefined || known.uses++ > usesBeforeAskedAnew) return 'capped';
    if (known.rows > capFor(rest)) return 'planner';
    if (known.rows <= few) return 'tokens';
    const walked = (limit * (await typeRows())) / Math.max(1, known.fits);
    return walked < known.rows ? 'planner' : 'tokens';
  }

  /** The tokens of this test give so many rows, of which so many satisfy it whole. Beyond the cap nothing is counted. */
  counted(test: IndexTest, rows: number, fits: number): void {
    if (this.#counted.size >= remembered) this.#counted.clear();
    const key = JSON.stringify(test);
    if (key.length < 4000) this.#counted.set(key, { rows, fits, uses: 0 });
  }
}
