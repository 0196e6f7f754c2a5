/** The patient's page: who saw what, when, from where and why; the same for whom one represents. */
import { z } from 'zod';
import { Fault } from '#kernel/fault.ts';
import type { LogLine, MineAnswer, mineQuery } from './contract.ts';
import { foldEntries, type FoldPlace } from './fold.ts';
import { actionsOfKind, lineOf } from './lines.ts';
import { organisationsIn, type Names } from './names.ts';
import { periodOf } from './period.ts';
import type { LogQuery, LogReader } from './read.ts';
import type { Language } from './words.ts';

export type MineAsked = Omit<z.output<typeof mineQuery>, 'patient' | 'language'> & {
  patient: string;
  language: Language;
};

/** Faults: invalid, for a cursor that was altered. */
export async function readMine(
  { reader, names }: { reader: LogReader; names: Names },
  asked: MineAsked,
): Promise<MineAnswer> {
  const { patient, who, organisation, kind, by, count, cursor, language } = asked;
  const from = cursor === undefined ? undefined : placeIn(cursor);
  const query: LogQuery = {
    patient,
    isEverywhere: true,
    ...periodOf(asked),
    ...(who === undefined ? {} : { whoKey: who }),
    ...(organisation === undefined ? {} : { organisation }),
    actions: actionsOfKind(kind),
    ...(by === 'others' ? { notWho: `Patient/${patient}` } : {}),
  };
  const page = await foldEntries(reader.entries(query, from?.after), count, from);
  const known = await names.of(page.lines.flatMap(({ entry }) => organisationsIn(entry.role)));
  const lines: LogLine[] = page.lines.map((line) => lineOf(line, { language, names: known }, patient));
  return { patient, lines, ...(page.next ? { next: cursorIn(page.next) } : {}) };
}

const placeSchema = z.tuple([z.tuple([z.int(), z.int()]), z.array(z.tuple([z.string().max(24), z.number()])).max(200)]);

function cursorIn({ after, taken }: FoldPlace): string {
  return Buffer.from(JSON.stringify([[after.at, after.number], taken])).toString('base64url');
}

function placeIn(cursor: string): FoldPlace {
  try {
    const [[at, number], taken] = placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (Math.abs(at) < 8e14) return { after: { at, number }, taken };
  } catch {
    // Refused below.
  }
  throw new Fault('invalid', 'This page can not be found: its address was altered.');
}
