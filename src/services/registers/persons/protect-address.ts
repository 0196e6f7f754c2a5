/**
 * Protected addresses (adressegradering): klientadresse, fortrolig, strengt fortrolig. The Patient has no address then, nor has any version
 * of it, nor a RelatedPerson that is the same person: what is not there can't be told by a read, a search, a history or an export. The
 * address is in the register's own table, and told only to who may know; to others even the grade is not.
 */
import type { RequestContext } from '#fhir/index.ts';
import { redactHistory } from '#fhir/record/redact-store.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import { Fault } from '#kernel/fault.ts';
import type { Resource } from '#fhir/types.ts';
import type { AddressGrade, AddressRow } from '../contract.ts';
import { appendEvents, lockFollower } from '../follow-store.ts';
import { findHolders } from '../identifier-store.ts';
import { readMany } from '../records.ts';
import type { Identifier } from '../register-codes.ts';
import { clearPlaces } from './event-store.ts';
import * as store from './protected-address-store.ts';

type Deps = Pick<RequestContext, 'db' | 'clock' | 'writer' | 'grant'>;

export type Protection = { grade: AddressGrade; address: AddressRow | undefined };

/** The grade and address of each person that has or had any, by id. */
export async function readProtections(
  deps: Pick<Deps, 'db'>,
  ids: readonly string[],
): Promise<Map<string, Protection>> {
  const found = await store.findProtected(
    deps.db,
    ids.map((id) => ({ bucket: patientBucket(id), id })),
  );
  return new Map(found.map(({ person, grade, address }) => [person, { grade, address: addressOf(address) }]));
}

function addressOf(text: string | null): AddressRow | undefined {
  return text === null ? undefined : (JSON.parse(text) as AddressRow);
}

/**
 * Notes a person's grade and address, with the event that tells of it to those who may know. Nothing, and false, when that is how it is already.
 * A person who is protected afterwards must be settled (`settlePerson`); what a killed node leaves is found by `settleAll`.
 */
export async function noteProtection(deps: Deps, id: string, protection: Protection): Promise<boolean> {
  const bucket = patientBucket(id);
  return deps.db.begin(async (transaction) => {
    const numbers = await lockFollower(transaction);
    const [latest] = await store.findProtected(transaction, [{ bucket, id }]);
    const address =
      protection.address === undefined || protection.grade === 'unclassified'
        ? null
        : JSON.stringify(protection.address);
    if ((latest?.grade ?? 'unclassified') === protection.grade && (latest?.address ?? null) === address) return false;
    const now = deps.clock.now();
    const since = protection.address?.from ?? null;
    const settled = protection.grade === 'unclassified';
    await store.putProtected(transaction, [
      {
        bucket,
        person: id,
        version: (latest?.version ?? 0) + 1,
        grade: protection.grade,
        address,
        since,
        recorded: now,
        settled,
      },
    ]);
    const kind = latest?.grade === protection.grade ? 'ChangeInResidentialAddress' : 'ChangeInAddressProtection';
    const detail = `${latest?.grade ?? 'unclassified'} → ${protection.grade}`;
    const event = {
      kind,
      person: id,
      occurred: since ?? new Date(now).toISOString(),
      detail,
      bucket,
      recorded: now,
    } as const;
    await appendEvents(transaction, 'protected', [event], numbers.protected);
    return true;
  });
}

/** Clears a protected person's Patient, its history, and the RelatedPersons with the same number, of addresses. */
export async function settlePerson(deps: Deps, id: string): Promise<void> {
  const patient = (await readMany(deps, [{ type: 'Patient', id }])).get(`Patient/${id}`);
  if (patient === undefined) return;
  await clearOf(deps, patient);
  const numbers = ((patient['identifier'] as Identifier[] | undefined) ?? []).flatMap(({ system, value }) =>
    system !== undefined && value !== undefined ? [{ system, value }] : [],
  );
  const same = await findHolders(deps.db, numbers, ['RelatedPerson']);
  for (const related of (await readMany(deps, same)).values()) await clearOf(deps, related);
  await clearPlaces(deps.db, id);
  await store.settle(deps.db, { bucket: patientBucket(id), id });
}

/** Settles what a killed node left, and is done once a start. */
export async function settleAll(deps: Deps): Promise<void> {
  for (;;) {
    const open = await store.findUnsettled(deps.db, 100);
    let settled = 0;
    for (const { id } of open) {
      const here = await readMany(deps, [{ type: 'Patient', id }]);
      // Of a Patient that is not in yet, nothing can be told; it comes without its address.
      if (here.size === 0) await store.settle(deps.db, { bucket: patientBucket(id), id });
      else await settlePerson(deps, id);
      settled++;
    }
    if (settled === 0) return;
  }
}

async function clearOf(deps: Deps, resource: Resource): Promise<void> {
  const { resourceType: type, id = '' } = resource;
  if (resource['address'] !== undefined) {
    const { address: _gone, ...rest } = resource;
    await deps.writer
      .apply(deps.grant, [{ interaction: 'update', resource: rest as Resource, id }])
      .catch((error: unknown) => {
        if (error instanceof Fault && error.kind === 'conflict') return clearAgain(deps, type, id);
        throw error;
      });
  }
  await redactHistory(deps.db, { type, id }, withoutAddress);
}

async function clearAgain(deps: Deps, type: string, id: string): Promise<void> {
  const current = (await readMany(deps, [{ type, id }])).get(`${type}/${id}`);
  if (current !== undefined && current['address'] !== undefined) await clearOf(deps, current);
}

function withoutAddress(content: string): string | undefined {
  const { address, ...rest } = JSON.parse(content) as Resource;
  return address === undefined ? undefined : JSON.stringify(rest);
}
