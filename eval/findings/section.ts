/**
 * How much sooner a finding is found by search than by going through a dated list, as a person would: what is read, opened and typed. With the program's own
 * parts, as it runs. 40 findings in each of five records.
 */
import type { Analysis } from '#services/clinical-search/analysis.ts';
import { clinicalAnalysis } from '#services/clinical-search/index.ts';
import { indexRow } from '#services/clinical-search/index-document.ts';
import { loadRows, type Loaded } from '#services/clinical-search/loaded.ts';
import { matchRows } from '#services/clinical-search/match.ts';
import { understand } from '#services/clinical-search/query.ts';
import { searchTextOf } from '#services/clinical-search/read-texts.ts';
import type { Resource } from '#fhir/types.ts';
import { percent, type Section, type Table } from '../table.ts';
import { documentReference, makeLongRecord, readFindings, type Finding, type LongDocument } from './long-record.ts';

const command = 'npm run eval -- findings';
const seeds = ['findings 1', 'findings 2', 'findings 3', 'findings 4', 'findings 5'];
const documentsEach = 2000;

/** What a person does. `seconds` by the stated paces. */
type Effort = { steps: number; read: number; typed: number; isFound: boolean };

/** Paces, assumed: 250 words a minute, 40 words a minute typed, two seconds to open or turn over. */
const readASecond = 25;
const typedASecond = 4;
const secondsAStep = 2;

const rowsAScreen = 20;
const hitsAPage = 10;
/** So many pages of hits are looked through before one gives up and goes to the list. */
const pagesMost = 3;
/** What the page shows of a passage, about, and the line under a title with the reason. */
const glanceLetters = 310;
const lineLetters = 90;

export const section: Section = {
  name: 'Findings in long records',
  run: () => Promise.resolve(measure()),
};

function measure(): Table[] {
  const analysis = clinicalAnalysis();
  return [
    ...measureSet(analysis, readFindings(), 'by which search was made better'),
    ...measureSet(analysis, readFindings('fresh'), 'written when it was finished'),
  ];
}

function measureSet(analysis: Analysis, findings: readonly Finding[], which: string): Table[] {
  const all = seeds.flatMap((seed) => {
    const record = makeLongRecord(seed, documentsEach, findings);
    const loaded = indexed(analysis, record);
    return findings.map((finding) => ({ finding, ...effortsOf({ analysis, record, loaded }, finding) }));
  });
  return [summary(all, which), each(all, findings, which)];
}

type Measured = { finding: Finding; scrolled: Effort; byKind: Effort; searched: Effort; place: number };

function summary(all: readonly Measured[], which: string): Table {
  const ways = [
    ['a dated list, everything opened, newest first', ({ scrolled }: Measured) => scrolled],
    ['the list of the right kind of document alone', ({ byKind }: Measured) => byKind],
    ['search', ({ searched }: Measured) => searched],
  ] as const;
  const searched = mean(all.map((one) => secondsOf(one.searched)));
  const rows = ways.map(([name, effortOf]) => {
    const efforts = all.map(effortOf);
    const seconds = mean(efforts.map(secondsOf));
    return [
      name,
      Math.round(mean(efforts.map(({ steps }) => steps))),
      Math.round(mean(efforts.map(({ read }) => read))),
      Math.round(seconds),
      Math.round(median(efforts.map(secondsOf))),
      name === 'search' ? '' : percent(1 - searched / seconds),
    ];
  });
  const found = all.filter(({ place }) => place >= 0 && place < pagesMost * hitsAPage);
  const first = all.filter(({ place }) => place === 0);
  const onFirstPage = all.filter(({ place }) => place >= 0 && place < hitsAPage);
  return {
    title: `Finding ${all.length / seeds.length} planted findings, ${which}, in each of ${seeds.length} records of ${documentsEach} documents`,
    command,
    seed: seeds.join('`, `'),
    columns: ['way', 'steps', 'characters read', 'seconds, mean', 'seconds, median', 'saved by search'],
    rows,
    note:
      `By search the finding was the first hit in ${percent(first.length / all.length)}, on the first page in ${percent(onFirstPage.length / all.length)}, within ${pagesMost} pages in ` +
      `${percent(found.length / all.length)}; where it was not, the pages of hits and then the list of its kind were gone through, and both are counted. Seconds are reckoned: ` +
      `${readASecond} characters read and ${typedASecond} typed a second, ${secondsAStep} s a step.`,
  };
}

function each(all: readonly Measured[], findings: readonly Finding[], which: string): Table {
  const rows = findings.map(({ asked, said }) => {
    const own = all.filter(({ finding }) => finding.asked === asked);
    const places = own.map(({ place }) => (place < 0 ? '–' : String(place + 1)));
    const seconds = (effortOf: (one: Measured) => Effort): number =>
      Math.round(mean(own.map((one) => secondsOf(effortOf(one)))));
    return [asked, said, places.join(', '), seconds(({ byKind }) => byKind), seconds(({ searched }) => searched)];
  });
  const columns = ['asked', 'planted', 'place among the hits, by record', 'list of its kind, s', 'search, s'];
  return { title: `Each finding ${which}`, command, seed: seeds.join('`, `'), columns, rows };
}

type Within = { analysis: Analysis; record: readonly LongDocument[]; loaded: Loaded };

function effortsOf(within: Within, finding: Finding): Omit<Measured, 'finding'> {
  const { analysis, record, loaded } = within;
  const isIt = (one: LongDocument): boolean => one.finding?.asked === finding.asked;
  const ofKind = record.filter(({ type }) => type === finding.type);
  const byKind = scroll(ofKind, isIt);
  // Choosing the kind is a step.
  byKind.steps += 1;
  const order = matchRows(loaded, understand(analysis, finding.asked));
  const place = order.findIndex(({ row }) => isIt(record[row]!));
  return { scrolled: scroll(record, isIt), byKind, place, searched: search(finding.asked, place, byKind) };
}

/** Each document is opened in the order of the list and read until the finding is. */
function scroll(record: readonly LongDocument[], isIt: (one: LongDocument) => boolean): Effort {
  const effort: Effort = { steps: 0, read: 0, typed: 0, isFound: true };
  for (const [at, one] of record.entries()) {
    if (at % rowsAScreen === 0) effort.steps += 1;
    effort.steps += 1;
    effort.read += one.title.length + lineLetters;
    if (isIt(one)) {
      effort.read += one.text.indexOf(one.finding?.said ?? '') + (one.finding?.said.length ?? 0);
      return effort;
    }
    effort.read += one.text.length;
  }
  return { ...effort, isFound: false };
}

/** Asked, read hit by hit, the right one opened; where it does not come, the list of its kind after all. */
function search(asked: string, place: number, otherwise: Effort): Effort {
  const isFound = place >= 0 && place < pagesMost * hitsAPage;
  const hits = place < 0 ? pagesMost * hitsAPage : Math.min(place + 1, pagesMost * hitsAPage);
  const pages = Math.ceil(hits / hitsAPage);
  // The box, Enter, further pages, the hit; and what the hit was shown with is read again in the document.
  const own: Effort = {
    steps: 1 + 1 + (pages - 1) + 1,
    read: hits * (lineLetters * 2 + glanceLetters) + glanceLetters,
    typed: asked.length,
    isFound: true,
  };
  if (isFound) return own;
  return { ...own, steps: own.steps + otherwise.steps, read: own.read + otherwise.read };
}

const secondsOf = ({ steps, read, typed }: Effort): number =>
  steps * secondsAStep + read / readASecond + typed / typedASecond;
const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

function indexed(analysis: Analysis, record: readonly LongDocument[]): Loaded {
  return loadRows(
    record.map((one) => {
      const { type, id } = { type: 'DocumentReference', id: one.id };
      const text = searchTextOf(documentReference('patient', one) as unknown as Resource);
      if (text === undefined) throw new Error(`${id} is not searched.`);
      const { passages, kind, title } = indexRow(analysis, text);
      return { type, id, patient: 'patient', kind, title, at: null, author: null, site: null, passages };
    }),
  );
}
