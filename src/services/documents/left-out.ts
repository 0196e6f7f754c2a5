/**
 * How many documents are closed to who asks, told as the national document sharing tells it: by patient and status alone, to personnel who treat the
 * patient. Nothing else that was searched by narrows the number, since a number by type or words would tell what is in what is closed.
 */
import type { RequestContext } from '#fhir/index.ts';
import type { FhirAnswer, FhirRequest } from '#fhir/http/request.ts';
import { runSearch } from '#fhir/search/run.ts';
import { Fault } from '#kernel/fault.ts';
import { completeProvided } from './provide.ts';

export const leftOutHeader = 'NHN-SecurityLabel-Nors-Count';

/** ITI-67 and ITI-66: documents, and lists of MHD's kinds. */
export type Counted = 'DocumentReference' | 'List';
type Asked = { type: Counted; patient: string; status: string | undefined };

/** Undefined: it is not told to who asks. */
export async function countLeftOut(context: RequestContext, asked: Asked): Promise<number | undefined> {
  const { type, patient } = asked;
  if (!(await mayKnow(context, asked))) return undefined;
  const criteria: [string, string][] = [
    ['patient', `Patient/${patient}`],
    ...(asked.status === undefined ? [] : [['status', asked.status] as [string, string]]),
    ...(type === 'List' ? [['code', listKinds.join(',')] as [string, string]] : []),
    ['_summary', 'count'],
  ];
  const count = async (reading: Pick<RequestContext, 'db' | 'search' | 'grant'>): Promise<number> =>
    (await runSearch(reading, context.search.parse(type, criteria))).total ?? 0;
  const all = await count({ ...context, grant: context.grants.background('documents left out') });
  return Math.max(0, all - (await count(context)));
}

async function mayKnow({ grant }: RequestContext, { type, patient }: Asked): Promise<boolean> {
  try {
    await grant.allowOperation({ name: 'documents-left-out', type, id: undefined, affectsState: false });
    const reach = await grant.reach({ by: 'search', patient, isNamed: true, types: [type] });
    return reach.kind !== 'nothing';
  } catch (error) {
    if (error instanceof Fault && error.kind === 'forbidden') return false;
    throw error;
  }
}

const listKinds: readonly string[] = ['submissionset', 'folder'];

type Dispatch = (request: FhirRequest) => Promise<FhirAnswer>;

/** MHD on the FHIR endpoint: what is provided is completed, what is searched for has the count of what is closed beside it; undefined for anything else. */
export async function answerMhd(
  context: RequestContext,
  request: FhirRequest,
  dispatch: Dispatch,
): Promise<FhirAnswer | undefined> {
  const provided = await completeProvided(context, request, dispatch);
  if (provided !== undefined) return provided;
  const type = countedBy(request);
  if (type === undefined) return undefined;
  const answer = await dispatch(request);
  const patient = answer.status === 200 ? await patientOf(context, request) : undefined;
  if (patient === undefined) return answer;
  const leftOut = await countLeftOut(context, { type, patient, status: valueOf(request, ['status']) });
  return leftOut === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, [leftOutHeader]: String(leftOut) } };
}

/** The type, where it is a search of ITI-66 or ITI-67. */
function countedBy(request: FhirRequest): Counted | undefined {
  const { method, segments } = request;
  const path = method === 'POST' && segments.at(-1) === '_search' ? segments.slice(0, -1) : segments;
  if (method === 'POST' ? path === segments : method !== 'GET') return undefined;
  const type = path.length === 1 ? path[0] : path.length === 3 && path[0] === 'Patient' ? path[2] : undefined;
  if (type === 'DocumentReference') return type;
  const codes = valueOf(request, ['code'])?.split(',') ?? [];
  return type === 'List' && codes.some((one) => listKinds.includes(one.slice(one.indexOf('|') + 1))) ? type : undefined;
}

const valueOf = ({ parameters }: FhirRequest, names: readonly string[]): string | undefined =>
  parameters.find(([name]) => names.includes(name))?.[1];

/** The one patient who is asked about: by reference, by compartment, or by number as the national API has it. */
async function patientOf(context: RequestContext, request: FhirRequest): Promise<string | undefined> {
  const { segments } = request;
  const named =
    segments[0] === 'Patient'
      ? segments[1]
      : valueOf(request, ['patient', 'subject', 'patient:Patient', 'subject:Patient']);
  if (named !== undefined) return /^(?:\S*\bPatient\/)?([A-Za-z0-9.-]{1,64})$/.exec(named)?.[1];
  const number = valueOf(request, ['patient.identifier', 'patient:Patient.identifier', 'subject:Patient.identifier']);
  if (number === undefined) return undefined;
  const query = context.search.parse('Patient', [
    ['identifier', number],
    ['_count', '2'],
    ['_total', 'none'],
  ]);
  const { rows } = await runSearch(context, query);
  return rows.length === 1 ? rows[0]?.id : undefined;
}
