/** The door of search by clinical concept: an index that follows the record, and `/api/clinical-search` over it. */
import type { Fhir } from '#fhir/index.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Door } from '#trust/index.ts';
import { createAnalysis, type Analysis } from './analysis.ts';
import { createConcepts } from './concepts.ts';
import { readDiagnoses } from './diagnoses.ts';
import { createFollower } from './follow.ts';
import { createLexicon } from './lexicon.ts';
import { createRemembered } from './loaded.ts';
import { registerSearchRoutes } from './routes.ts';

export type ClinicalSearch = {
  register(server: HttpServer, door: Pick<Door, 'enter'>): void;
  /** Brings the index up to what is written now. */
  catchUp(): Promise<void>;
  /** Makes the index again from the record, telling how many there are so far; gives how many there are. */
  rebuild(tell?: (documents: number) => void): Promise<number>;
  start(): void;
  stop(): Promise<void>;
};

/** Passages kept in memory, of the patients that were asked last: some 100 MB. */
const passagesKept = 150_000;

export function createClinicalSearch(
  { context, committer }: Pick<Fhir, 'context' | 'committer'>,
  report: (event: string, error: unknown) => void,
): ClinicalSearch {
  const analysis = clinicalAnalysis();
  const remembered = createRemembered(passagesKept);
  const { db, search } = context;
  const follower = createFollower({ db, search, committer, analysis, report });
  return {
    register: (server, door) => registerSearchRoutes(server, { analysis, remembered, context, door }),
    catchUp: () => follower.catchUp(),
    rebuild: (tell) => follower.rebuild(tell),
    start: () => follower.start(),
    stop: () => follower.stop(),
  };
}

/** Words and concepts as this release knows them: made of lists that are shipped, so that nothing of a record is in it. */
export function clinicalAnalysis(): Analysis {
  const icd10 = readDiagnoses('ICD10');
  const concepts = createConcepts(icd10);
  const texts = [...icd10, ...readDiagnoses('ICPC2')].map(({ text }) => text);
  return createAnalysis(createLexicon([...texts, ...concepts.all.flatMap(({ phrases }) => phrases)]), concepts);
}
