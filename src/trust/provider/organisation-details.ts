/**
 * For which organisation a client asks, as HelseID reads it: `helseid_authorization` in the request's `authorization_details` or in the client
 * assertion's `assertion_details`. Multi-tenant clients name legal entity and place of care in one value, single-tenant ones the latter.
 */
import { Fault } from '#kernel/fault.ts';
import { checkIdentifier, identifierSystems } from '#shared/identifiers.ts';

export type OrganisationNumbers = { parent: string; child: string };

/** ISO 6523 as HelseID uses it: `NO:ORGNR:<legal entity>:<place of care>`. */
const bothSystem = 'urn:oid:1.0.6523';

type Named = { system?: unknown; value?: unknown };
type Detail = {
  type?: unknown;
  practitioner_role?: { organization?: { identifier?: Named } };
};

/**
 * The organisation that the details name; undefined when they name none.
 * @param own the legal entity of a single-tenant client
 * Throws a Fault `invalid` for what is not understood, `forbidden` when a single-tenant client names another's.
 */
export function organisationIn(details: unknown, own: string | undefined): OrganisationNumbers | undefined {
  const list = (Array.isArray(details) ? details : [details]) as (Detail | null | undefined)[];
  const named = list.filter((detail) => detail?.type === 'helseid_authorization');
  if (named.length > 1) throw new Fault('invalid', 'Only one organisation can be named.');
  const identifier = named[0]?.practitioner_role?.organization?.identifier;
  if (named.length === 1 && identifier === undefined)
    throw new Fault('invalid', 'practitioner_role.organization.identifier is missing.');
  const numbers = identifier === undefined ? undefined : numbersOf(identifier, own);
  if (own !== undefined && numbers !== undefined && numbers.parent !== own)
    throw new Fault('forbidden', 'This client acts for one organisation only, and that is another.');
  return numbers ?? (own === undefined ? undefined : { parent: own, child: own });
}

function numbersOf({ system, value }: Named, own: string | undefined): OrganisationNumbers {
  if (typeof value !== 'string') throw new Fault('invalid', 'The organisation has no value.');
  if (system === identifierSystems.organisationNumber) {
    if (own === undefined)
      throw new Fault(
        'invalid',
        'A client for several organisations names the legal entity too: NO:ORGNR:<parent>:<child>.',
      );
    return { parent: own, child: checked(value) };
  }
  const [, parent, child] = /^NO:ORGNR:(\d{9}):(\d{9})?$/.exec(value) ?? [];
  if (system !== bothSystem || parent === undefined)
    throw new Fault('invalid', 'The organisation is not in the form NO:ORGNR:<parent>:<child>.');
  return { parent: checked(parent), child: checked(child ?? parent) };
}

function checked(number: string): string {
  const wrong = checkIdentifier(identifierSystems.organisationNumber, number);
  if (wrong) throw new Fault('invalid', wrong.problem);
  return number;
}
