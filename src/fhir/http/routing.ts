/**
 * Which interaction a request asks for (R4 http.html#summary): a table from method and shape of the path to the work. HTTP, the entries of a batch,
 * and the CapabilityStatement all read this one table.
 */
import { Fault } from '#kernel/fault.ts';
import type { FhirContext, RequestContext } from '../context.ts';
import type { Grant } from '../grant.ts';
import { answerElsewhere, type Elsewhere } from '../elsewhere.ts';
import { batch } from '../interactions/batch.ts';
import { create } from '../interactions/create.ts';
import { conditionalDelete, remove } from '../interactions/delete.ts';
import { history } from '../interactions/history.ts';
import { conditionalPatch, patch } from '../interactions/patch.ts';
import { read } from '../interactions/read.ts';
import { search } from '../interactions/search.ts';
import { conditionalUpdate, update } from '../interactions/update.ts';
import { vread } from '../interactions/vread.ts';
import type { Operation, OperationLevel } from '../operations/operation.ts';
import { capabilities } from './capabilities.ts';
import type { FhirAnswer, FhirRequest } from './request.ts';

/** Answers a request with what the grant allows. */
export type Dispatch = (request: FhirRequest, grant: Grant) => Promise<FhirAnswer>;

/** The same, under the grant of the request that it is part of. */
type Inner = (request: FhirRequest) => Promise<FhirAnswer>;

/** `segments` are those of the request: a type that exists, a legal id. */
type Work = (context: RequestContext, request: FhirRequest, dispatch: Inner) => Promise<FhirAnswer>;

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:type`, `:id`, `:vid`, `:compartment-type` stand for a segment; others for themselves. */
  path: string;
  /** The code that the CapabilityStatement knows it by. */
  interaction: string;
  work: Work;
};

const typeOf = (r: FhirRequest): string => r.segments[0] as string;
const idOf = (r: FhirRequest): string => r.segments[1] as string;

export const routes: readonly Route[] = [
  { method: 'GET', path: 'metadata', interaction: 'capabilities', work: (c, r) => capabilities(c, r, routes) },
  { method: 'GET', path: '', interaction: 'search-system', work: (c, r) => search(c, r, {}) },
  { method: 'POST', path: '', interaction: 'transaction', work: (c, r, dispatch) => batch(c, r, dispatch) },
  { method: 'POST', path: '_search', interaction: 'search-system', work: (c, r) => search(c, r, {}) },
  { method: 'GET', path: '_history', interaction: 'history-system', work: (c, r) => history(c, r, {}) },
  { method: 'GET', path: ':type', interaction: 'search-type', work: (c, r) => search(c, r, { type: typeOf(r) }) },
  {
    method: 'POST',
    path: ':type/_search',
    interaction: 'search-type',
    work: (c, r) => search(c, r, { type: typeOf(r) }),
  },
  { method: 'POST', path: ':type', interaction: 'create', work: (c, r) => create(c, r, typeOf(r)) },
  { method: 'PUT', path: ':type', interaction: 'update', work: (c, r) => conditionalUpdate(c, r, typeOf(r)) },
  { method: 'PATCH', path: ':type', interaction: 'patch', work: (c, r) => conditionalPatch(c, r, typeOf(r)) },
  { method: 'DELETE', path: ':type', interaction: 'delete', work: (c, r) => conditionalDelete(c, r, typeOf(r)) },
  {
    method: 'GET',
    path: ':type/_history',
    interaction: 'history-type',
    work: (c, r) => history(c, r, { type: typeOf(r) }),
  },
  { method: 'GET', path: ':type/:id', interaction: 'read', work: (c, r) => read(c, r, typeOf(r), idOf(r)) },
  { method: 'PUT', path: ':type/:id', interaction: 'update', work: (c, r) => update(c, r, typeOf(r), idOf(r)) },
  { method: 'PATCH', path: ':type/:id', interaction: 'patch', work: (c, r) => patch(c, r, typeOf(r), idOf(r)) },
  { method: 'DELETE', path: ':type/:id', interaction: 'delete', work: (c, r) => remove(c, r, typeOf(r), idOf(r)) },
  {
    method: 'GET',
    path: ':type/:id/_history',
    interaction: 'history-instance',
    work: (c, r) => history(c, r, { type: typeOf(r), id: idOf(r) }),
  },
  {
    method: 'GET',
    path: ':type/:id/_history/:vid',
    interaction: 'vread',
    work: (c, r) => vread(c, r, typeOf(r), idOf(r), r.segments[3] as string),
  },
  {
    method: 'GET',
    path: ':type/:id/:compartment-type',
    interaction: 'search-compartment',
    work: (c, r) => search(c, r, { type: r.segments[2] as string, compartment: { type: typeOf(r), id: idOf(r) } }),
  },
  {
    method: 'POST',
    path: ':type/:id/:compartment-type/_search',
    interaction: 'search-compartment',
    work: (c, r) => search(c, r, { type: r.segments[2] as string, compartment: { type: typeOf(r), id: idOf(r) } }),
  },
];

/** The way from a request to its answer, for one record. A refusal is a thrown Fault. */
export function createDispatch(context: FhirContext): Dispatch {
  const table = new Map(routes.map((route) => [`${route.method} ${shapeOf(route.path.split('/'))}`, route]));
  const types = new Set(context.definitions.model.resourceTypes());
  const dispatch: Dispatch = (request, grant) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const { segments } = request;
    const last = segments.at(-1);
    const elsewhere = elsewhereOf(context, segments[0]);
    if (elsewhere !== undefined) {
      return answerElsewhere({ elsewhere, baseUrl: context.settings.baseUrl }, request, grant);
    }
    if (last?.startsWith('$')) return operate({ ...context, grant }, types, request, last.slice(1));
    const route = table.get(`${method} ${shapeOf(segments)}`);
    if (!route) throw noSuchRoute(table, request);
    if (segments.length > 0 && route.path.startsWith(':')) refuseUnknownType(types, segments[0] as string);
    const inner = segments[2];
    if (route.interaction === 'search-compartment' && inner !== '*') refuseUnknownType(types, inner as string);
    return route.work({ ...context, grant }, request, (inner) => dispatch(inner, grant));
  };
  const { answerFirst } = context;
  if (answerFirst === undefined) return async (request, grant) => dispatch(request, grant);
  return async (request, grant) => {
    const first = await answerFirst({ ...context, grant }, request, async (inner) => dispatch(inner, grant));
    return first ?? dispatch(request, grant);
  };
}

/** A type may have any name that a caller sends: `__proto__` too. */
function elsewhereOf({ elsewhere }: FhirContext, type: string | undefined): Elsewhere | undefined {
  return type !== undefined && Object.hasOwn(elsewhere, type) ? elsewhere[type] : undefined;
}

/** `['Patient','1','_history']` and `:type/:id/_history` have one shape: `:/:/_history`. */
function shapeOf(segments: readonly string[]): string {
  const isWord = (s: string, i: number): boolean => s === '' || s.startsWith('_') || (s === 'metadata' && i === 0);
  return segments.map((s, i) => (isWord(s, i) ? s : ':')).join('/');
}

function refuseUnknownType(types: ReadonlySet<string>, type: string): void {
  if (!types.has(type)) throw new Fault('notFound', `There is no resource type "${type.slice(0, 80)}" in FHIR R4.`);
}

function noSuchRoute(table: ReadonlyMap<string, Route>, { method, segments }: FhirRequest): Fault {
  const shape = shapeOf(segments);
  const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((m) => table.has(`${m} ${shape}`));
  return others.length > 0
    ? new Fault('methodNotAllowed', `${method} is not possible here, only ${others.join(', ')}.`, { allow: others })
    : new Fault('notFound', 'There is nothing at this address.');
}

async function operate(
  context: RequestContext,
  types: ReadonlySet<string>,
  request: FhirRequest,
  name: string,
): Promise<FhirAnswer> {
  const [type, id] = request.segments.length > 1 ? request.segments.slice(0, -1) : [];
  const level: OperationLevel = type === undefined ? 'system' : id === undefined ? 'type' : 'instance';
  if (type !== undefined) refuseUnknownType(types, type);
  const operation = request.segments.length > 3 ? undefined : findOperation(context, name, level, type);
  if (!operation) throw new Fault('notSupported', `There is no operation $${name.slice(0, 80)} here.`);
  const mayRead = request.method === 'GET' && !operation.affectsState;
  if (request.method !== 'POST' && !mayRead && !(request.method === 'DELETE' && operation.name.startsWith('export'))) {
    const allow = operation.affectsState ? ['POST'] : ['GET', 'POST'];
    throw new Fault('methodNotAllowed', `$${name} is called by ${allow.join(' or ')}.`, { allow });
  }
  await context.grant.allowOperation({ name, type, id, affectsState: operation.affectsState });
  return operation.handle(context, {
    request,
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
  });
}

function findOperation(
  context: Pick<FhirContext, 'operations'>,
  name: string,
  level: OperationLevel,
  type: string | undefined,
): Operation | undefined {
  return context.operations.find(
    (o) => o.name === name && o.levels.includes(level) && (type === undefined || (o.types?.includes(type) ?? true)),
  );
}
