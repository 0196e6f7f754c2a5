/** What a capture becomes in the record: as what stands on a downtime form does, with the device's id for it, who did it, and that it was captured while the node was gone. Pure. */
import type { Resource } from '#fhir/types.ts';
import type { Signature } from '../back-entry/form-store.ts';
import { formSystem, resourcesOf, resourceTypesOf } from '../back-entry/resources.ts';
import type { CaptureEntry } from './contract.ts';

/** Identifiers of what was captured on a device: the device's id of the capture, and `/n` for the n-th thing in it. */
export const captureSystem = 'urn:fyr:device-capture';

export const captureTypes = (entry: CaptureEntry): string[] => resourceTypesOf(entry);

export type CaptureRecording = {
  id: string;
  node: string;
  entry: CaptureEntry;
  /** ISO 8601. */
  receivedAt: string;
  capturedBy: Signature;
  handedBy: Signature;
};

/** @param ids one each, in the order of `captureTypes` */
export function captureResources(recording: CaptureRecording, ids: readonly string[]): Resource[] {
  const { id, node, entry, receivedAt, handedBy } = recording;
  const made = { node, code: id, entry, enteredAt: receivedAt, enteredBy: handedBy, verifiedBy: undefined };
  return resourcesOf(made, ids).map((resource) => ownOf(resource, recording));
}

function ownOf(resource: Resource, { id, node, capturedBy }: CaptureRecording): Resource {
  const person = { reference: capturedBy.reference, display: capturedBy.name };
  const identifier = (resource as { identifier?: { system: string; value: string }[] }).identifier?.map(
    ({ system, value }) =>
      system === formSystem ? { system: captureSystem, value: value.slice(node.length + 1) } : { system, value },
  );
  const own = identifier === undefined ? resource : { ...resource, identifier };
  switch (resource.resourceType) {
    case 'Observation':
      return { ...own, performer: [person] } as Resource;
    case 'MedicationAdministration':
      return { ...own, performer: [{ actor: person }] } as Resource;
    case 'DocumentReference':
      return { ...own, author: [person] } as Resource;
    default:
      return {
        ...own,
        activity: { text: 'Registrert på en enhet mens noden var borte' },
        entity: [{ role: 'source', what: { identifier: { system: captureSystem, value: id } } }],
      } as Resource;
  }
}
