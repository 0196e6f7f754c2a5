/** How the record is written: exactly once, however often it is sent, and never over what somebody else wrote meanwhile. */
import type { Bundle, FhirResource, Identifier } from 'fhir/r4';
import { Refusal } from '../session/ask.ts';
import { useChange, useSignedIn } from '../session/queries.ts';

/** A resource that has its own number from the draft that it was written in. */
type Written = FhirResource & { identifier?: Identifier[] };

const ownNumbers = 'urn:ietf:rfc:3986';

export type RecordChange = {
  /** New resources of one patient, all or none. @param draft the id of what was typed: sent again, nothing is written twice */
  create(patient: string, resources: readonly FhirResource[], draft: string): Promise<void>;
  /** Several that belong together, all or none: those with a version over what was read, the others new. */
  together(patient: string, resources: readonly FhirResource[], draft: string): Promise<void>;
  /** Over the version that was read. Throws a Refusal of status 412 where there is a newer one. */
  update(resource: FhirResource): Promise<void>;
};

export function useRecordChange(): RecordChange {
  const change = useChange();
  return {
    async create(patient, resources, draft) {
      const bundle: Bundle = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: resources.map((resource, at) => entryOf(patient, resource, `urn:uuid:${draft}`, at)),
      };
      await change('/fhir', { method: 'POST', body: bundle }, ['record', 'work']);
    },
    async together(patient, resources, draft) {
      const bundle: Bundle = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: resources.map((resource, at) =>
          resource.meta?.versionId === undefined ? entryOf(patient, resource, `urn:uuid:${draft}`, at) : over(resource),
        ),
      };
      await change('/fhir', { method: 'POST', body: bundle }, ['record', 'work']);
    },
    async update(resource) {
      const { resourceType, id, meta } = resource;
      const headers = { 'if-match': `W/"${meta?.versionId ?? ''}"` };
      await change(`/fhir/${resourceType}/${id}`, { method: 'PUT', body: resource, headers }, ['record', 'work']);
    },
  };
}

function over(resource: FhirResource): NonNullable<Bundle['entry']>[number] {
  const { resourceType, id, meta } = resource;
  return { resource, request: { method: 'PUT', url: `${resourceType}/${id}`, ifMatch: `W/"${meta?.versionId}"` } };
}

function entryOf(
  patient: string,
  resource: FhirResource,
  draft: string,
  at: number,
): NonNullable<Bundle['entry']>[number] {
  const value = at === 0 ? draft : `${draft}#${at}`;
  const number = { system: ownNumbers, value };
  const numbered = { ...resource, identifier: [...((resource as Written).identifier ?? []), number] } as FhirResource;
  const asked = new URLSearchParams({ patient: `Patient/${patient}`, identifier: `${ownNumbers}|${value}` });
  // By its number the others in the bundle refer to the first.
  const own = at === 0 ? { fullUrl: draft } : {};
  return {
    ...own,
    resource: numbered,
    request: { method: 'POST', url: resource.resourceType, ifNoneExist: String(asked) },
  };
}

/** Somebody else has written meanwhile. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof Refusal && (error.status === 412 || error.status === 409);
}

/** As whom one writes: the role that one works in, by name. */
export function useAuthor(): { reference: string; display: string } {
  const session = useSignedIn();
  const role = session?.role?.practitionerRole;
  const reference = role === undefined ? `Practitioner/${session?.id ?? ''}` : `PractitionerRole/${role}`;
  return { reference, display: session?.name ?? '' };
}
