/** The operations of subscriptions (R5 Topic-based Subscription Backport 1.1): $status, $events, $get-ws-binding-token. */
import { Fault } from '#kernel/fault.ts';
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

export const subscriptionOperations: readonly Operation[] = [
  {
    name: 'status',
    definition: `${base}-status`,
    levels: ['type', 'instance'],
    types: ['Subscription'],
    affectsState: false,
    handle: async ({ subscriptions }, call) => {
      const statuses = textsOf(call, 'status').flatMap((value) => value.split(','));
      const resource = await subscriptions.status(idsOf(call), statuses.length > 0 ? statuses : undefined);
      return { status: 200, resource };
    },
  },
  {
    name: 'events',
    definition: `${base}-events`,
    levels: ['instance'],
    types: ['Subscription'],
    affectsState: false,
    handle: async ({ subscriptions }, call) => {
      const since = numberOf(call, 'eventsSinceNumber');
      const until = numberOf(call, 'eventsUntilNumber');
      const content = textInput(call, 'content');
      return { status: 200, resource: await subscriptions.events(call.id as string, { since, until, content }) };
    },
  },
  {
    name: 'get-ws-binding-token',
    definition: `${base}-get-ws-binding-token`,
    levels: ['type', 'instance'],
    types: ['Subscription'],
    affectsState: false,
    handle: async ({ subscriptions }, call) => ({
      status: 200,
      resource: await subscriptions.bindingToken(idsOf(call)),
    }),
  },
];
