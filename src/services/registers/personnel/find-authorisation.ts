/** Was this nurse authorised on that day: one call. */
import type { RequestContext } from '#fhir/index.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import type { AuthorisationAnswer } from '../contract.ts';
import { findHolders } from '../identifier-store.ts';
import { readMany } from '../records.ts';
import type { Resource } from '#fhir/types.ts';
import { authorisationOn } from './authorisation.ts';

/** An HPR number that nobody has is no authorisation either: the answer says so. */
export async function findAuthorisation(
  deps: Pick<RequestContext, 'db'>,
  asked: { number: string; category: string; on: string },
): Promise<AuthorisationAnswer> {
  const practitioner = await findPractitioner(deps, asked.number);
  if (practitioner === undefined) {
    return { authorised: false, reason: 'Nobody here has this HPR number.', ...asked, held: [], specialities: [] };
  }
  return authorisationOn(practitioner, asked);
}

export async function findPractitioner(
  deps: Pick<RequestContext, 'db'>,
  number: string,
): Promise<Resource | undefined> {
  const [held] = await findHolders(
    deps.db,
    [{ system: identifierSystems.personnelNumber, value: number }],
    ['Practitioner'],
  );
  return held === undefined ? undefined : (await readMany(deps, [held])).get(`Practitioner/${held.id}`);
}
