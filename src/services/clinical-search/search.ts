/** One question to a patient's record, or to all records within reach: load, decide what may be seen, rank, show a page. */
import { Fault } from '#kernel/fault.ts';
import type { Analysis } from './analysis.ts';
import type { Facet, Hit, Mark, SearchAnswer, SearchQuery } from './contract.ts';
import * as store from './index-store.ts';
import { loadRows, type Loaded, type createRemembered } from './loaded.ts';
import { matchRows, type Matched } from './match.ts';
import { addPeople } from './people.ts';
import { understand, type Question } from './query.ts';
import { searchedTypes } from './read-texts.ts';
import { inverseFrequency } from './term-index.ts';
import { bucketOf, decidedOneByOne, namesWithin, patientsOfReach, type Reading } from './within-reach.ts';

export type SearchDeps = { analysis: Analysis; remembered: ReturnType<typeof createRemembered> };

const pageSize = 10;
/** Of a search that names no patient: so many rows are ranked. */
const candidatesMax = 1000;
/** A term in so many rows is met soon when the newest are gone through. */
const commonMin = 20_000;

/** Faults: invalid for a question without a word, forbidden and notFound as the grant says. */
export async function searchRecords(deps: SearchDeps, reading: Reading, query: SearchQuery): Promise<SearchAnswer> {
  const question = understand(deps.analysis, query.q);
  if (question.parts.length === 0) throw new Fault('invalid', 'q: Write a word to search for.');
  const { loaded, isSeen, isCut } =
    query.patient === undefined
      ? await acrossPatients(reading, question)
      : await inRecord(deps, reading, query.patient);
  const matched = matchRows(loaded, question);
  const names = await isSeen(matched.map(({ row }) => loaded.rows[row]!));
  const readable = matched.filter(({ row }) => names.has(nameOf(loaded.rows[row]!)));
  const seen = readable.filter(({ row }) => fits(loaded.rows[row]!, query));
  const page = seen.slice((query.page - 1) * pageSize, query.page * pageSize);
  const hits = await hitsOf(deps, reading, { loaded, question, page });
  reading.grant.saw(hits.map(({ type, id, patient }) => ({ type, id, patient })));
  if (query.patient === undefined) await addPeople(reading, hits);
  return {
    hits,
    total: seen.length,
    page: query.page,
    pages: Math.ceil(seen.length / pageSize),
    understood: understoodAs(deps.analysis, question),
    facets: facetsOf(
      readable.map(({ row }) => loaded.rows[row]!),
      query,
    ),
    isCut,
  };
}

type Row = Loaded['rows'][number];
type Scope = { loaded: Loaded; isSeen: (rows: readonly Row[]) => Promise<Set<string>>; isCut: boolean };

const nameOf = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;

async function inRecord({ remembered }: SearchDeps, reading: Reading, patient: string): Promise<Scope> {
  // Who may not know of the patient is told so before anything is looked at.
  const isSeen = await namesWithin(reading, patient);
  const bucket = bucketOf(patient);
  const state = await store.readChanged(reading.db, bucket, patient);
  const loaded = await remembered.get(patient, state, async () =>
    loadRows(await store.readPatientRows(reading.db, bucket, patient)),
  );
  return { loaded, isSeen, isCut: false };
}

async function acrossPatients(reading: Reading, { parts }: Question): Promise<Scope> {
  const { db, grant } = reading;
  const reach = await grant.reach({ by: 'search', patient: undefined, isNamed: false, types: searchedTypes });
  const patients = patientsOfReach(reach);
  const terms = [...new Set(parts.flatMap(({ wanted }) => wanted.map(({ term }) => term)))];
  const [having, size] = await Promise.all([store.readFrequencies(db, terms), store.readSize(db)]);
  const groups = parts.map(({ wanted }) => wanted.filter(({ way }) => way !== 'part').map(({ term }) => term));
  const rarest = Math.min(...groups.map((group) => group.reduce((sum, term) => sum + (having.get(term) ?? 0), 0)));
  const limits = { limit: candidatesMax + 1, isCommon: rarest > commonMin, patients };
  const rows = await store.findRows(db, groups, limits);
  const weightOf = (term: number): number => inverseFrequency(Math.max(size, 1), having.get(term) ?? size / 100);
  return {
    loaded: loadRows(rows.slice(0, candidatesMax), weightOf),
    isSeen: (found) => decidedOneByOne(reading, reach, found),
    isCut: rows.length > candidatesMax,
  };
}

function fits(row: Row, { type, from, to, author, site }: SearchQuery): boolean {
  const { day } = row;
  return (
    (type === undefined || type.split(',').includes(row.kind)) &&
    (from === undefined || day >= from) &&
    (to === undefined || (day !== '' && day <= to)) &&
    (author === undefined || row.author === author) &&
    (site === undefined || row.site === site)
  );
}

/** What each choice would leave: a filter does not narrow its own choices. */
function facetsOf(rows: readonly Row[], query: SearchQuery): SearchAnswer['facets'] {
  const count = (own: Partial<SearchQuery>, valueOf: (row: Row) => string | null | undefined): Facet[] => {
    const counts = new Map<string, number>();
    const others = { ...query, ...own };
    for (const row of rows) {
      const value = valueOf(row);
      if (value && fits(row, others)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts]
      .map(([value, number]) => ({ value, count: number }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, 20);
  };
  return {
    type: count({ type: undefined }, ({ kind }) => kind),
    author: count({ author: undefined }, ({ author }) => author),
    site: count({ site: undefined }, ({ site }) => site),
    year: count({ from: undefined, to: undefined }, ({ day }) => day.slice(0, 4)),
  };
}

type Shown = { loaded: Loaded; question: Question; page: readonly Matched[] };

async function hitsOf({ analysis }: SearchDeps, { db }: Reading, { loaded, question, page }: Shown): Promise<Hit[]> {
  const keys = page.map(({ row }) => {
    const { type, id, patient } = loaded.rows[row]!;
    return { bucket: bucketOf(patient), type, id };
  });
  const contents = await store.readContents(db, keys);
  return page.map(({ row, passage, found, isDenied }) => {
    const { type, id, patient, kind, title, at, author, site } = loaded.rows[row]!;
    const [from, to] = [loaded.places[2 * passage]!, loaded.places[2 * passage + 1]!];
    const text = contents.get(nameOf({ type, id }))?.slice(from, to) ?? '';
    return {
      type,
      id,
      patient,
      kind,
      title,
      ...(at === null ? {} : { at: new Date(at).toISOString() }),
      ...(author === null ? {} : { author }),
      ...(site === null ? {} : { site }),
      passage: text,
      passageFrom: from,
      marks: marksIn(analysis, question, text),
      why: found.flatMap((one, part) =>
        one === undefined
          ? []
          : [{ asked: question.parts[part]!.asked, way: one.way, ...(one.concept ? { concept: one.concept } : {}) }],
      ),
      isDenied,
    };
  });
}

/** Every place of the passage that answers; of places that overlap, the longest. */
function marksIn(analysis: Analysis, { terms }: Question, text: string): Mark[] {
  const found = analysis
    .mentionsIn(text)
    .filter(({ term }) => terms.has(term))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const marks: Mark[] = [];
  for (const { from, to, way, isDenied } of found)
    if (from >= (marks.at(-1)?.to ?? 0)) marks.push({ from, to, way, isDenied });
  return marks;
}

function understoodAs(analysis: Analysis, { parts }: Question): SearchAnswer['understood'] {
  return parts.map(({ asked, wanted }) => {
    const concept = wanted.find((one) => one.concept !== undefined)?.concept;
    const meant = analysis.formsOf(asked.toLowerCase(), 'no').find(({ way }) => way === 'slip')?.word;
    return { asked, ...(concept ? { concept } : {}), ...(meant ? { meant } : {}) };
  });
}
