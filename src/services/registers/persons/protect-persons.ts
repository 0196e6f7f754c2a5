/** Protected addresses told by number, apart from everything else about a person. */
import type { RequestContext } from '#fhir/index.ts';
import type { AddressGrade, AddressRow } from '../contract.ts';
import { holdersOf } from '../records.ts';
import { numberKey } from './person-number.ts';
import { noteProtection, settlePerson } from './protect-address.ts';

export type ProtectedPerson = { number: string; grade: AddressGrade; address: AddressRow };

/** Notes grade and address of those who are here, and clears their records of addresses. Answers how many are here. */
export async function protectAddresses(
  deps: Pick<RequestContext, 'db' | 'clock' | 'writer' | 'grant'>,
  persons: Iterable<ProtectedPerson>,
): Promise<number> {
  let found = 0;
  for (const { number, grade, address } of persons) {
    const [holder] = (await holdersOf(deps, [numberKey(number)], ['Patient'])).values();
    if (holder === undefined) continue;
    found++;
    if (await noteProtection(deps, holder.id, { grade, address })) await settlePerson(deps, holder.id);
  }
  return found;
}
