/**
 * Patient/$match (R4 patient-operation-match.html): who of the register may this be? Candidates come by number (a slip in one digit included),
 * by birth date, and by the sound of names; each is scored, and the best are given with their score and grade.
 */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '#fhir/context.ts';
import type { FhirAnswer } from '#fhir/http/request.ts';
import { parseJson } from '#fhir/json/index.ts';
import { inputsOf, resourceInput, type Operation, type OperationCall } from '#fhir/operations/operation.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import { findMany } from '#fhir/record/store.ts';
import type { Db } from '#kernel/db.ts';
import { identifierSystems, readPersonNumber } from '#shared/identifiers.ts';
import { findHolders } from '../identifier-store.ts';
import { featuresOf, nameKeys, questionKeys, type Features } from './features.ts';
import { countSharing, findCandidates, findPersons, type Candidate } from './match-store.ts';
import { scoreOf, type MatchScore } from './score.ts';

export type Match = MatchScore & { id: string; bucket: number };

const candidatesMax = 2000;
/** Beyond it a name is as common as names are. */
const namesakesMax = 500;
const countDefault = 10;
const countMax = 100;

/** The persons that it may be, best first: those graded possible or better. */
export async function findMatches(db: Db, asked: Features, count: number): Promise<Match[]> {
  const keys = questionKeys(asked);
  const names = nameKeys(asked);
  const [byKey, byNumber, namesakes] = await Promise.all([
    keys.length === 0 ? [] : findCandidates(db, keys, candidatesMax),
    byNumbers(db, asked.numbers),
    names.length === 0 ? 0 : countSharing(db, names, namesakesMax),
  ]);
  const candidates = new Map([...byKey, ...byNumber].map((each) => [each.id, each]));
  const scored = [...candidates.values()].map(({ id, bucket, features }): Match => ({
    id,
    bucket,
    ...scoreOf(asked, JSON.parse(features) as Features, namesakes),
  }));
  const found = scored.filter(({ grade }) => grade !== 'certainly-not');
  found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return withoutRivals(found).slice(0, count);
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
  return [...found.filter(({ features }) => !features.includes(replacedMark)), ...(await survivorsOf(db, found))];
}

const replacedMark = '"replacedBy":';

/** Those in whom merged persons go on, with the numbers of the merged as theirs. */
async function survivorsOf(db: Db, found: readonly Candidate[]): Promise<Candidate[]> {
  const merged = found
    .map(({ features }) => JSON.parse(features) as Features)
    .filter(({ replacedBy }) => replacedBy !== undefined);
  if (merged.length === 0) return [];
  const ids = merged.map(({ replacedBy = '' }) => ({ id: replacedBy, bucket: patientBucket(replacedBy) }));
  return (await findPersons(db, ids)).map((survivor) => {
    const features = JSON.parse(survivor.features) as Features;
    const numbers = merged.filter(({ replacedBy }) => replacedBy === survivor.id).flatMap((each) => each.numbers);
    return { ...survivor, features: JSON.stringify({ ...features, numbers: [...features.numbers, ...numbers] }) };
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

export const matchOperation: Operation = {
  name: 'match',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match',
  levels: ['type'],
  types: ['Patient'],
  affectsState: false,
  handle: answerMatch,
};

async function answerMatch(context: RequestContext, call: OperationCall): Promise<FhirAnswer> {
  const patient = resourceInput(call);
  if (patient?.resourceType !== 'Patient') throw new Fault('invalid', 'The parameter resource must be a Patient.');
  const inputs = new Map(inputsOf(call).map(({ name, value }) => [name, value]));
  const onlyCertain = String(inputs.get('onlyCertainMatches') ?? 'false') === 'true';
  const count = countOf(inputs.get('count'));
  const features = featuresOf(patient);
  if (features.numbers.length === 0 && features.names.length === 0) {
    throw new Fault('unprocessable', 'A match needs a number or a name to go by.', { expression: 'Patient' });
  }
  const matches = await findMatches(context.db, features, count);
  const wanted = onlyCertain ? matches.filter(({ grade }) => grade === 'certain').slice(0, 1) : matches;
  const stored = await findMany(
    context.db,
    wanted.map(({ id }) => ({ type: 'Patient', id })),
  );
  const contents = new Map(stored.map(({ id, content }) => [id, content]));
  const base = context.settings.baseUrl;
  const entry = wanted.flatMap(({ id, score, grade }) => {
    const content = contents.get(id);
    if (content === undefined || content === null) return [];
    const search = {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/match-grade', valueCode: grade }],
      mode: 'match',
      score,
    };
    return [{ fullUrl: `${base}/Patient/${id}`, resource: parseJson(content), search }];
  });
  return {
    status: 200,
    resource: {
      resourceType: 'Bundle',
      type: 'searchset',
      total: entry.length,
      ...(entry.length > 0 ? { entry } : {}),
    },
  };
}

function countOf(value: unknown): number {
  if (value === undefined) return countDefault;
  if (!/^[1-9]\d{0,5}$/.test(String(value))) throw new Fault('invalid', 'count must be a whole number from 1.');
  return Math.min(Number(value), countMax);
}
