/** POST [base]: a batch, whose entries stand alone, or a transaction (R4 http.html#transaction). */
import { asFault } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { asResource, preference, type FhirAnswer, type FhirRequest } from '../http/request.ts';
import { writeJson } from '../json/index.ts';
import { outcome, outcomeOf } from '../outcome.ts';
import { bundleText, type BundleEntry } from './bundle.ts';
import { bundleRequests, type BundleRequest } from './bundle-request.ts';
import { transaction } from './transaction.ts';

type Dispatch = (request: FhirRequest) => Promise<FhirAnswer>;

const atOnce = 8;

/** The answer Bundle; an entry's own failure stands in its place in a batch, and fails the whole of a transaction. */
export async function batch(
  context: Pick<RequestContext, 'db' | 'writer' | 'search' | 'definitions' | 'settings' | 'grant'>,
  request: FhirRequest,
  dispatch: Dispatch,
): Promise<FhirAnswer> {
  const bundle = asResource(request.body);
  if (bundle?.resourceType !== 'Bundle')
    throw new Fault('invalid', 'POST to the base takes a Bundle of type batch or transaction.');
  const { baseUrl, bundleEntriesMax } = context.settings;
  const alone: Dispatch = async (one) => {
    try {
      return await dispatch(one);
    } catch (error) {
      return asAnswer(error);
    }
  };
  const wantsResources = preference(request, 'return') === 'representation';
  if (bundle['type'] === 'transaction') {
    const requests = bundleRequests(bundle, baseUrl, bundleEntriesMax).map(readable);
    const answers = await transaction(context, requests, alone);
    return reply('transaction-response', requests, answers, wantsResources);
  }
  if (bundle['type'] === 'batch') {
    const requests = bundleRequests(bundle, baseUrl, bundleEntriesMax);
    return reply('batch-response', requests, await eachAlone(requests, alone), wantsResources);
  }
  throw new Fault('invalid', 'The Bundle must be of type batch or transaction.', { expression: 'Bundle.type' });
}

/** A transaction is refused whole for the first entry that can't be read. */
function readable(request: BundleRequest | Fault): BundleRequest {
  if (request instanceof Fault) throw request;
  return request;
}

async function eachAlone(requests: readonly (BundleRequest | Fault)[], dispatch: Dispatch): Promise<FhirAnswer[]> {
  const answers: FhirAnswer[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < requests.length; i = next++) {
      const request = requests[i] as BundleRequest | Fault;
      answers[i] = request instanceof Fault ? asAnswer(request) : await dispatch(request);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}

function asAnswer(error: unknown): FhirAnswer {
  const fault = asFault(error);
  if (!(fault instanceof Fault)) throw error;
  return { status: fault.status, resource: outcomeOf(fault) };
}

function reply(
  type: 'batch-response' | 'transaction-response',
  requests: readonly (BundleRequest | Fault)[],
  answers: readonly FhirAnswer[],
  wantsResources: boolean,
): FhirAnswer {
  const entries = answers.map((answer, i) => entryOf(requests[i] as BundleRequest | Fault, answer, wantsResources));
  return { status: 200, text: bundleText({ type, entries }) };
}

function entryOf(request: BundleRequest | Fault, answer: FhirAnswer, wantsResources: boolean): BundleEntry {
  const text =
    answer.text ?? answer.bytes?.toString() ?? (answer.resource === undefined ? undefined : writeJson(answer.resource));
  const failed = answer.status >= 400;
  const isGet = !(request instanceof Fault) && request.method === 'GET';
  const isShown = !failed && (isGet || wantsResources || answer.location === undefined);
  const warnings = answer.warnings ?? [];
  const outcomeText = failed ? text : warnings.length > 0 ? JSON.stringify(outcome(warnings)) : undefined;
  return {
    ...(isShown && text !== undefined ? { text } : {}),
    response: {
      status: String(answer.status),
      ...(answer.location === undefined ? {} : { location: answer.location }),
      ...(answer.versionId === undefined ? {} : { etag: `W/"${answer.versionId}"` }),
      ...(answer.lastModified === undefined ? {} : { lastModified: new Date(answer.lastModified).toISOString() }),
      ...(outcomeText === undefined ? {} : { outcomeText }),
    },
  };
}
