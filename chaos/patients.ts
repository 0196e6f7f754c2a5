/** Those whom the trial treats: they lie in the medical department, every second one is referred to the other hospital too. */
import type { Caller, Json } from './caller.ts';
import { markerSystem } from './markers.ts';
import type { NodeName } from './topology.ts';

export type TrialPatient = {
  id: string;
  /** Nodes that have a reason to hold the patient. */
  heldAt: Set<NodeName>;
  allergy: string;
  statement: string;
  encounter: string;
};

export const reference = (type: string, id: string): { reference: string } => ({ reference: `${type}/${id}` });

export async function made(caller: Caller, resource: Json): Promise<string> {
  const { status, body } = await caller.ask('POST', String(resource['resourceType']), resource);
  if (status !== 201) throw new Error(`${String(resource['resourceType'])}: ${status} ${JSON.stringify(body)}`);
  return body?.['id'] as string;
}

/** `department`: where they lie, and where those who work in the trial have their roles. */
export async function admit(
  caller: Caller,
  { organizations, department }: { organizations: ReadonlyMap<NodeName, string>; department: string },
  at: readonly NodeName[],
): Promise<TrialPatient> {
  const id = await made(caller, { resourceType: 'Patient', gender: 'unknown', birthDate: '1960-01-01' });
  const subject = reference('Patient', id);
  const encounter = await made(caller, {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject,
    period: { start: new Date(Date.now() - 3_600_000).toISOString() },
    serviceProvider: reference('Organization', department),
  });
  const local = organizations.get('local');
  if (at.includes('local') && local !== undefined) {
    await made(caller, {
      resourceType: 'ServiceRequest',
      status: 'active',
      intent: 'order',
      code: { text: 'Vurdering' },
      subject,
      authoredOn: new Date().toISOString(),
      performer: [reference('Organization', local)],
    });
  }
  const allergy = await made(caller, {
    resourceType: 'AllergyIntolerance',
    clinicalStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
    },
    verificationStatus: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', code: 'confirmed' }],
    },
    identifier: [{ system: markerSystem, value: 'first' }],
    code: { text: 'Penicillin' },
    patient: subject,
  });
  const statement = await made(caller, {
    resourceType: 'MedicationStatement',
    status: 'active',
    identifier: [{ system: markerSystem, value: 'first' }],
    medicationCodeableConcept: { text: 'Metoprolol 50 mg' },
    subject,
  });
  const heldAt = new Set<NodeName>(['region', ...at]);
  return { id, heldAt, allergy, statement, encounter };
}
