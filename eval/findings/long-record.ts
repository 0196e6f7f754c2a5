/**
 * A long record of documents that are made (`eval/classification/generate`), with findings planted: each a sentence in one document. By seed: the same
 * seed gives the same record. Also what the journeys and figures of search stand on.
 */
import { readFileSync } from 'node:fs';
import { Random } from '#sample/random.ts';
import { makeDocuments } from '../classification/generate/documents.ts';
import { readForms } from '../classification/generate/forms.ts';

/** `asked`: what somebody who looks for it types; `said`: how the document has it, mostly in other words. */
export type Finding = { asked: string; said: string; type: string };

export type LongDocument = {
  id: string;
  /** 9602. */
  type: string;
  title: string;
  text: string;
  /** A day, `YYYY-MM-DD`. */
  day: string;
  author: string;
  site: string;
  /** What is planted in it. */
  finding?: Finding;
};

/** @param set `findings`: those that search was made better by; `fresh`: written when it was finished, that nothing was changed for */
export function readFindings(set: 'findings' | 'fresh' = 'findings'): Finding[] {
  return readFileSync(new URL(`${set}.txt`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [type = '', asked = '', said = ''] = line.split(' | ').map((part) => part.trim());
      return { type, asked, said };
    });
}

const authors = ['Ingrid Bergvik', 'Håvard Lindnes', 'Kari Haugen', 'Ola Bakke', 'Siri Dahl', 'Terje Aas', 'Anne Vik'];
const sites = ['Fjord sykehus', 'Storhavn lokalsykehus', 'Elvestrand legesenter', 'Universitetssykehuset Nord'];

/** Newest first, over the twenty years before 1 November 2026. @param count of documents, those with findings among them */
export function makeLongRecord(seed: string, count: number, findings: readonly Finding[]): LongDocument[] {
  const random = new Random(seed, 'long record');
  const made = shuffled(makeDocuments(seed, { each: Math.ceil(count / 80), forms: 'train' }), random);
  if (made.length < count) throw new Error(`Only ${made.length} documents could be made.`);
  const names = new Map(readForms().map(({ type, name }) => [type, name]));
  const documents = made.slice(0, count).map(({ text, type }, at): LongDocument => {
    const age = Math.floor((at / count) * 20 * 365);
    const day = new Date(Date.UTC(2026, 10, 1) - age * 86_400_000).toISOString().slice(0, 10);
    const id = `long-${String(at).padStart(4, '0')}`;
    const title = names.get(type) ?? type;
    return { id, type, title, text, day, author: random.pick(authors), site: random.pick(sites) };
  });
  for (const finding of findings) plant(documents, finding, random);
  return documents;
}

/** In one of the documents of its type, anywhere in the record, on a line of its own anywhere in the document. */
function plant(documents: LongDocument[], finding: Finding, random: Random): void {
  const free = documents.filter(({ type, finding: taken }) => type === finding.type && taken === undefined);
  const chosen = random.pick(free);
  const lines = chosen.text.split('\n');
  lines.splice(random.between(1, lines.length), 0, finding.said);
  chosen.text = lines.join('\n');
  chosen.finding = finding;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const all = [...items];
  for (let at = all.length - 1; at > 0; at--) {
    const other = random.between(0, at);
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}

/** As a resource of a patient's record, its text within. */
export function documentReference(patient: string, one: LongDocument): { resourceType: string; id: string } {
  return {
    resourceType: 'DocumentReference',
    id: `${one.id}-${patient.slice(-4)}`,
    status: 'current',
    type: { coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9602', code: one.type, display: one.title }] },
    subject: { reference: `Patient/${patient}` },
    date: `${one.day}T10:00:00Z`,
    description: one.title,
    author: [{ display: one.author }],
    custodian: { display: one.site },
    content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(one.text).toString('base64') } }],
  } as { resourceType: string; id: string };
}
