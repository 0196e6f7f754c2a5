/** The operations of subscriptions (R5 Topic-based Subscription Backport 1.1): $status, $events, $get-ws-binding-token. */
import { Fault } from '#kernel/fault.ts';
import type { RequestContext } from '../context.ts';
import { readCurrent } from '../record/reading.ts';
import { runSearch } from '../search/index.ts';
import { inputsOf, textInput, type Operation, type OperationCall } from './operation.ts';

const base = 'http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription';

/** The subscription of the address, else those that the parameter `id` names. */
function idsOf(call: OperationCall): string[] {
  if (call.id !== undefined) return [call.id];
  return textsOf(call, 'id').flatMap((value) => value.split(','));
}

function textsOf(call: OperationCall, name: string): string[] {
  return inputsOf(call).flatMap((i) => (i.name === name && typeof i.value === 'string' ? [i.value] : []));
}

function numberOf(call: OperationCall, name: string): number | undefined {
  const value = inputsOf(call).find((i) => i.name === name)?.value;
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(String(value))) throw new Fault('invalid', `${name} must be a whole number.`);
  return Number(value);
}

/** Those that the caller may read: of the ones asked for, or of all. Throws notFound for one that is not to be known of. */
async function readable(context: RequestContext, ids: readonly string[]): Promise<string[]> {
  for (const id of ids) {
    const found = await readCurrent(context, 'Subscription', id);
    if (found === undefined) throw new Fault('notFound', `Subscription/${id.slice(0, 64)} is not here.`);
  }
  if (ids.length > 0) return [...ids];
  const query = context.search.parse('Subscription', [['_count', '1000']]);
  return (await runSearch(context, query)).rows.map(({ id }) => id);
}

export const subscriptionOperations: readonly Operation[] = [
  {
    name: 'status',
    definition: `${base}-status`,
    levels: ['type', 'instance'],
    types: ['Subscription'],
    affectsState: false,
    handle: async (context, call) => {
      const statuses = textsOf(call, 'status').flatMap((value) => value.split(','));
      const ids = await readable(context, idsOf(call));
      const resource = await context.subscriptions.status(ids, statuses.length > 0 ? statuses : undefined);
      return { status: 200, resource };
    },
  },
  {
    name: 'events',
    definition: `${base}-events`,
    levels: ['instance'],
    types: ['Subscription'],
    affectsState: false,
    handle: async (context, call) => {
      const [id = ''] = await readable(context, idsOf(call));
      const since = numberOf(call, 'eventsSinceNumber');
      const until = numberOf(call, 'eventsUntilNumber');
      const content = textInput(call, 'content');
      return { status: 200, resource: await context.subscriptions.events(id, { since, until, content }) };
    },
  },
  {
    name: 'get-ws-binding-token',
    definition: `${base}-get-ws-binding-token`,
    levels: ['type', 'instance'],
    types: ['Subscription'],
    affectsState: false,
    async handle(context, call) {
      const ids = idsOf(call);
      if (ids.length === 0) throw new Fault('invalid', 'Name the subscriptions by id.');
      return { status: 200, resource: await context.subscriptions.bindingToken(await readable(context, ids)) };
    },
  },
];
