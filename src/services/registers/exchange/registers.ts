/** The registers that are imported and exported, by name. */
import { Fault } from '#kernel/fault.ts';
import { codeListExchange } from '../code-lists/code-list-exchange.ts';
import { organisationExchange } from '../organisations/organisation-exchange.ts';
import { partyExchange } from '../parties/party-exchange.ts';
import { personnelExchange } from '../personnel/personnel-exchange.ts';
import { personExchange } from '../persons/person-exchange.ts';
import type { RegisterExchange } from './register-exchange.ts';

const exchanges: ReadonlyMap<string, RegisterExchange<object>> = new Map(
  [personExchange, personnelExchange, organisationExchange, partyExchange, codeListExchange].map((each) => [
    each.name,
    each as unknown as RegisterExchange<object>,
  ]),
);

export const registerNames: readonly string[] = [...exchanges.keys()];

export function exchangeOf(name: string): RegisterExchange<object> {
  const exchange = exchanges.get(name);
  if (exchange === undefined)
    throw new Fault('invalid', `There is no register "${name}". There are: ${registerNames.join(', ')}.`);
  return exchange;
}
