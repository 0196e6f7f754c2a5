/** One person by number, current or earlier, with the history of numbers and the address for who may know it. */
import type { RequestContext } from '#fhir/index.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import type { Resource } from '#fhir/types.ts';
import type { AddressGrade, AddressRow, NumberInUse, RegisterAccess } from '../contract.ts';
import { findHolders } from '../identifier-store.ts';
import { readMany } from '../records.ts';
import type { Identifier, Reference } from '../register-codes.ts';
import { numberKey } from './person-number.ts';
import { addressRowOf, isProtectedGrade } from './person-row.ts';
import { findProtectedHistory } from './protected-address-store.ts';
import { readProtections } from './protect-address.ts';

export type FoundPerson = {
  /** The person as he goes on now, also when the number was that of one who was merged into him. */
  patient: Resource;
  numbers: NumberInUse[];
  /** True when the number that was asked for is no longer in use. */
  askedNumberCeased: boolean;
  address?: AddressRow;
  /** Only told to who may know protected addresses. */
  addressGrade?: AddressGrade;
};

const mergersMax = 10;

/** Undefined when nobody has or had the number. */
export async function findPerson(
  deps: Pick<RequestContext, 'db'>,
  number: string,
  access: RegisterAccess,
): Promise<FoundPerson | undefined> {
  const [held] = await findHolders(deps.db, [numberKey(number)], ['Patient']);
  if (held === undefined) return undefined;
  const patient = await survivorOf(deps, held.id);
  if (patient === undefined) return undefined;
  const numbers = numbersOf(patient);
  const asked = numbers.find(({ value }) => value === number);
  const ceased = asked?.inUse !== true;
  const base = { patient, numbers, askedNumberCeased: ceased };
  const protection = access.mayKnowProtectedAddress
    ? (await readProtections(deps, [patient.id ?? ''])).get(patient.id ?? '')
    : undefined;
  const address = isProtectedGrade(protection?.grade) ? protection?.address : addressRowOf(patient);
  return {
    ...base,
    ...(address === undefined ? {} : { address }),
    ...(access.mayKnowProtectedAddress ? { addressGrade: protection?.grade ?? 'unclassified' } : {}),
  };
}

/** Follows `replaced-by` to the one who is. */
async function survivorOf(deps: Pick<RequestContext, 'db'>, id: string): Promise<Resource | undefined> {
  let patient = (await readMany(deps, [{ type: 'Patient', id }])).get(`Patient/${id}`);
  for (let step = 0; step < mergersMax; step++) {
    const links = (patient?.['link'] as { type?: string; other?: Reference }[] | undefined) ?? [];
    const next = links.find(({ type }) => type === 'replaced-by')?.other?.reference?.slice('Patient/'.length);
    if (next === undefined) return patient;
    patient = (await readMany(deps, [{ type: 'Patient', id: next }])).get(`Patient/${next}`);
  }
  return patient;
}

function numbersOf(patient: Resource): NumberInUse[] {
  return ((patient['identifier'] as Identifier[] | undefined) ?? []).flatMap(({ system, value, period, use }) => {
    if (system === undefined || value === undefined) return [];
    const { start: from, end: to } = period ?? {};
    const inUse = use !== 'old' && to === undefined;
    return [{ system, value, inUse, ...(from ? { from } : {}), ...(to ? { to } : {}) }];
  });
}

export type AddressThen = { grade: AddressGrade; recorded: string; address?: AddressRow };

/** Protected addresses of a person, newest first, for who may know; nobody else learns that there are any. */
export async function findProtectedAddresses(
  deps: Pick<RequestContext, 'db'>,
  number: string,
  access: RegisterAccess,
): Promise<AddressThen[]> {
  const found = access.mayKnowProtectedAddress ? await findPerson(deps, number, access) : undefined;
  const id = found?.patient.id;
  if (id === undefined) return [];
  return (await findProtectedHistory(deps.db, patientBucket(id), id)).map(({ grade, recorded, address }) => ({
    grade,
    recorded: new Date(recorded).toISOString(),
    ...(address === null ? {} : { address: JSON.parse(address) as AddressRow }),
  }));
}
