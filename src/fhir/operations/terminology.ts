/** The terminology operations (R4 terminology-service.html): the same work for a query, a Parameters body and a stored instance. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { asResource, type FhirAnswer } from '../http/request.ts';
import { parseJson } from '../json/index.ts';
import { readCurrent } from '../record/reading.ts';
import type { Parameters, Query } from '../terminology/index.ts';
import type { Resource } from '../types.ts';
import type { Operation, OperationCall } from './operation.ts';

type Work = (
  context: RequestContext,
  input: Parameters | Query,
  instance: Resource | undefined,
  call: OperationCall,
) => Promise<object>;

function terminologyOperation(
  name: string,
  type: string,
  definition: string,
  onInstance: boolean,
  work: Work,
): Operation {
  return {
    name,
    definition: `http://hl7.org/fhir/OperationDefinition/${definition}`,
    levels: onInstance ? ['type', 'instance'] : ['type'],
    types: [type],
    affectsState: false,
    async handle(context, call): Promise<FhirAnswer> {
      const instance = call.id === undefined ? undefined : await instanceOf(context, type, call.id);
      return { status: 200, resource: await work(context, inputOf(call), instance, call) };
    },
  };
}

const meant = /^_(format|pretty|summary|elements)$/;

/** A Parameters body with the query's parameters added, or the query alone. */
function inputOf({ request }: OperationCall): Parameters | Query {
  const asked = request.parameters.filter(([name]) => !meant.test(name));
  const body = asResource(request.body);
  if (body === undefined) {
    const query: Record<string, string[]> = {};
    for (const [name, value] of asked) (query[name] ??= []).push(value);
    return query;
  }
  if (body.resourceType === 'Parameters') {
    const own = Array.isArray(body['parameter']) ? body['parameter'] : [];
    return {
      ...body,
      parameter: [...own, ...asked.map(([name, valueString]) => ({ name, valueString }))],
    } as Parameters;
  }
  throw new Fault('invalid', 'The body must be a Parameters resource.');
}

async function instanceOf(
  context: Pick<RequestContext, 'db' | 'search' | 'grant'>,
  type: string,
  id: string,
): Promise<Resource> {
  const stored = await readCurrent(context, type, id);
  if (!stored?.content) throw new Fault('notFound', `${type}/${id} is not here.`);
  return parseJson(stored.content) as Resource;
}

export const terminologyOperations: readonly Operation[] = [
  terminologyOperation('expand', 'ValueSet', 'ValueSet-expand', true, (c, input, instance) =>
    c.terminology.expand(input, instance),
  ),
  terminologyOperation('validate-code', 'ValueSet', 'ValueSet-validate-code', true, (c, input, instance) =>
    c.terminology.validateCode('ValueSet', input, instance),
  ),
  terminologyOperation('validate-code', 'CodeSystem', 'CodeSystem-validate-code', true, (c, input, instance) =>
    c.terminology.validateCode('CodeSystem', input, instance),
  ),
  terminologyOperation('lookup', 'CodeSystem', 'CodeSystem-lookup', false, (c, input) => c.terminology.lookup(input)),
  terminologyOperation('subsumes', 'CodeSystem', 'CodeSystem-subsumes', true, (c, input, instance) =>
    c.terminology.subsumes(input, instance),
  ),
  terminologyOperation('translate', 'ConceptMap', 'ConceptMap-translate', true, (c, input, instance) =>
    c.terminology.translate(input, instance),
  ),
];
