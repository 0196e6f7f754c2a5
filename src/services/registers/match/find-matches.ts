/**
 * Who of the register may this be? Candidates come by number (a slip in one digit included), by birth date with something of a name, and by
 * the sound of names with a part of the birth date or a place; each is scored.
 */
import { patientBucket } from '#fhir/record/bucket.ts';
import type { Db } from '#kernel/db.ts';
import { identifierSystems, readPersonNumber } from '#shared/identifiers.ts';
import { findHolders } from '../identifier-store.ts';
import { nameKeys, questionKeys, type Features } from './features.ts';
import { findCandidates, findPersons, findWithNamesakes, type Candidate } from './match-store.ts';
import { createScorer, isTooCommon, type MatchScore } from './score.ts';

export type Match = MatchScore & { id: string; bucket: number };

const candidatesMax = 2000;
/** Beyond it a name is as common as names are. */
const namesakesMax = 500;

/** The persons that it may be, best first, at most `count`: those graded possible or better. */
export async function findMatches(db: Db, asked: Features, count: number): Promise<Match[]> {
  const names = nameKeys(asked.names.slice(0, 1));
  const [{ candidates: byKey, namesakes }, byNumber] = await Promise.all([
    findWithNamesakes(db, questionKeys(asked), names, candidatesMax),
    byNumbers(db, asked.numbers),
  ]);
  const byName = asked.birthDate === undefined ? await byNames(db, asked, namesakes) : [];
  const candidates = new Map([...byKey, ...byName, ...byNumber].map((each) => [each.id, each]));
  const score = createScorer(asked, Math.min(namesakes, namesakesMax));
  const scored = [...candidates.values()].map(({ id, bucket, features }): Match => ({
    id,
    bucket,
    ...score(features),
  }));
  const found = scored.filter(({ grade }) => grade !== 'certainly-not');
  found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return withoutRivals(found).slice(0, count);
}

/** Without a birth date: those of the same name, unless it is so common that it tells nobody from the others. */
async function byNames(db: Db, { names }: Features, namesakes: number): Promise<Candidate[]> {
  return isTooCommon(namesakes) ? [] : findCandidates(db, nameKeys(names), candidatesMax);
}

/** Two that are both certain can't both be right: neither is more than probable, unless the best is ahead by far. */
function withoutRivals(found: readonly Match[]): Match[] {
  const [first, second] = found;
  if (first?.grade !== 'certain' || second?.grade !== 'certain') return [...found];
  const isAhead = 1 - second.score > (1 - first.score) * 50 && first.score - second.score > 0.01;
  return found.map((match, index) =>
    match.grade === 'certain' && !(isAhead && index === 0) ? { ...match, grade: 'probable' } : match,
  );
}

async function byNumbers(db: Db, numbers: readonly string[]): Promise<Candidate[]> {
  const tried = numbers
    .filter((value) => /^\d{11}$/.test(value))
    .slice(0, 4)
    .flatMap(slipsOfNumber);
  const held = await findHolders(
    db,
    tried.flatMap((value) => systemsOf(value).map((system) => ({ system, value }))),
    ['Patient'],
  );
  const found = await findPersons(db, held);
  const merged = found.filter(({ features }) => features.replacedBy !== undefined);
  const others = found.filter(({ features }) => features.replacedBy === undefined);
  return [...others, ...(await survivorsOf(db, merged))];
}

/** Those in whom merged persons go on, with the numbers of the merged as theirs. */
async function survivorsOf(db: Db, merged: readonly Candidate[]): Promise<Candidate[]> {
  const ids = merged.map(({ features: { replacedBy = '' } }) => ({
    id: replacedBy,
    bucket: patientBucket(replacedBy),
  }));
  return (await findPersons(db, ids)).map((survivor) => {
    const numbers = merged
      .filter(({ features }) => features.replacedBy === survivor.id)
      .flatMap(({ features }) => features.numbers);
    return {
      ...survivor,
      features: { ...survivor.features, numbers: [...survivor.features.numbers, ...numbers] },
    };
  });
}

function systemsOf(value: string): string[] {
  if (value >= '8') return [identifierSystems.commonAidNumber];
  return value >= '4' ? [identifierSystems.dNumber] : [identifierSystems.nationalNumber];
}

/** The number itself, and every valid one that is one wrong digit or one exchange of neighbours away: the control digits leave few. */
export function slipsOfNumber(value: string): string[] {
  const found = new Set([value]);
  for (let i = 0; i < value.length; i++) {
    for (let digit = 0; digit <= 9; digit++) found.add(value.slice(0, i) + digit + value.slice(i + 1));
    if (i > 0) found.add(value.slice(0, i - 1) + value.charAt(i) + value.charAt(i - 1) + value.slice(i + 1));
  }
  return [...found].filter((each) => each === value || !('problem' in readPersonNumber(each)));
}
