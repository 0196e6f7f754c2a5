/**
 * Patient/$match (R4 patient-operation-match.html): who of the register may this be? Whom `find-matches.ts` finds is given with score and grade.
 */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '#fhir/context.ts';
import type { FhirAnswer } from '#fhir/http/request.ts';
import { parseJson } from '#fhir/json/index.ts';
import { inputsOf, resourceInput, type Operation, type OperationCall } from '#fhir/operations/operation.ts';
import { readMany } from '#fhir/record/reading.ts';
import { featuresOf } from './features.ts';
import { findMatches } from './find-matches.ts';

const countDefault = 10;
const countMax = 100;

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
  const keys = wanted.map(({ id }) => ({ type: 'Patient', id }));
  // Whom the caller may not know of is not among them.
  const stored = await readMany(context, keys, undefined);
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
