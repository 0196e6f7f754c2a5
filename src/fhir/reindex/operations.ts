/** $reindex and $reindex-status: an operator's way to index resources anew, and everybody's to see how far it is. Fyr's own operations. */
import { Fault } from '#kernel/fault.ts';
import type { FhirContext } from '../context.ts';
import type { FhirAnswer } from '../http/request.ts';
import { inputsOf, type Operation } from '../operations/operation.ts';
import type { Reindex, ReindexStatus } from './reindex.ts';

type Context = Pick<FhirContext, 'definitions' | 'settings'> & { reindex: Reindex };

/** `_type`: types with commas between, or several times; all without. */
export const reindex: Operation = {
  name: 'reindex',
  definition: 'urn:fyr:operation:reindex',
  levels: ['system'],
  affectsState: true,
  async handle(context: FhirContext & Context, call) {
    const inputs = inputsOf(call);
    const stranger = inputs.find(({ name }) => name !== '_type');
    if (stranger) throw new Fault('invalid', `$reindex does not know the parameter "${stranger.name.slice(0, 80)}".`);
    const types = inputs.flatMap(({ value }) => String(value).split(','));
    const known = new Set(context.definitions.model.resourceTypes());
    const unknown = types.find((type) => !known.has(type));
    if (unknown !== undefined)
      throw new Fault('invalid', `There is no resource type "${unknown.slice(0, 80)}" in FHIR R4.`);
    await context.reindex.begin([...new Set(types)]);
    return {
      ...answerOf(await context.reindex.status()),
      status: 202,
      headers: { 'content-location': `${context.settings.baseUrl}/$reindex-status` },
    };
  },
};

export const reindexStatus: Operation = {
  name: 'reindex-status',
  definition: 'urn:fyr:operation:reindex-status',
  levels: ['system'],
  affectsState: false,
  handle: async (context: FhirContext & Context) => answerOf(await context.reindex.status()),
};

/** Parameters: state, per cent, resources seen and changed, and each element whose searches are refused meanwhile. */
function answerOf({ job, pending }: ReindexStatus): FhirAnswer {
  const told = job && [
    { name: 'state', valueCode: job.state },
    { name: 'percent', valueInteger: Math.floor(job.walked * 100) },
    { name: 'seen', valueInteger: job.seen },
    { name: 'changed', valueInteger: job.changed },
    { name: 'started', valueInstant: new Date(job.created).toISOString() },
    ...(job.finished === null ? [] : [{ name: 'finished', valueInstant: new Date(job.finished).toISOString() }]),
  ];
  const parameter = [
    ...(told ?? [{ name: 'state', valueCode: 'none' }]),
    ...pending.map((unit) => ({ name: 'pending', valueString: unit })),
  ];
  return { status: 200, resource: { resourceType: 'Parameters', parameter } };
}

export const reindexOperations: readonly Operation[] = [reindex, reindexStatus];
