/** A row put to the rules: facts read from its resources, the decision, and the decision in the table's words. */
import type { Resource } from '#fhir/types.ts';
import { directoryOf } from '../directory.ts';
import type { Decision, Target } from '../decision.ts';
import { elementOf, elementsOf, labelsOf, referenceOf } from '../elements.ts';
import type { PatientFacts } from '../facts.ts';
import { readFacts } from '../read-facts.ts';
import { decide, decideSummary, type Action } from '../rules.ts';
import { defaultPolicySettings } from '../settings.ts';
import { standingOf } from '../standing.ts';
import type { Outcome, Row } from './row-test.ts';
import { directory as resources, now } from './world-test.ts';

const directory = directoryOf(new Map(resources.map((one) => [`${one.resourceType}/${one.id}`, one])));
const dayMs = 86_400_000;

/** All patients that a resource names, the one in whose record it lies first. */
export function patientsIn(resource: Resource): string[] {
  if (resource.resourceType === 'Patient') return [resource.id ?? ''];
  const named = ['subject', 'patient', 'for', 'securityContext'].map((element) => referenceOf(resource[element]));
  const actors = elementsOf(resource['participant']).map((one) => referenceOf(elementOf(one)['actor']));
  return [...named, ...actors].flatMap((one) => (one?.startsWith('Patient/') ? [one.slice('Patient/'.length)] : []));
}

export function targetOf(resource: Resource): Target {
  const patients = patientsIn(resource);
  return {
    type: resource.resourceType,
    id: resource.id ?? '',
    patient: patients[0],
    labels: labelsOf(resource),
    isShared: patients.length > 1,
  };
}

/** Facts of the patient's record, of what is in the row. */
export function recordOf(patient: string | undefined, all: readonly Resource[]): PatientFacts | undefined {
  if (patient === undefined) return undefined;
  const own = all.filter((one) => patientsIn(one)[0] === patient);
  return readFacts(
    {
      patient,
      resources: own,
      labelled: own.filter((one) => one.resourceType === 'DocumentReference'),
      shared: own
        .filter((one) => patientsIn(one).length > 1)
        .map((resource) => ({ resource, patients: patientsIn(resource) })),
    },
    directory,
  );
}

export function decisionOf({ who, does, record, otherwise }: Row): Decision {
  const moment = {
    now: now + (otherwise.days ?? 0) * dayMs,
    settings: { ...defaultPolicySettings, ...otherwise.settings },
  };
  const standing = standingOf(who, directory);
  if (does.kind === 'summary') {
    return decideSummary(who, does.basis, { standing, record: recordOf('kari', record) as PatientFacts }, moment);
  }
  const before = does.kind === 'update' ? does.before : undefined;
  const there = does.kind === 'create' ? [] : [before ?? does.resource];
  const all = [...record, ...there.filter((one) => !record.includes(one))];
  const target = targetOf(does.resource);
  const after = does.kind === 'create' || does.kind === 'update' ? does.resource : undefined;
  const old = before ?? (does.kind === 'delete' ? does.resource : undefined);
  const action: Action =
    does.kind === 'read'
      ? { interaction: 'read', target }
      : {
          interaction: does.kind,
          target,
          after,
          before: old && { target: targetOf(old), resource: old },
        };
  const facts = {
    standing,
    record: recordOf(target.patient, all),
    recordBefore: old && recordOf(targetOf(old).patient, all),
  };
  return decide(who, action, facts, moment);
}

/** As the table says it: the ground without the id of what it was found in. */
export function outcomeOf(row: Row): Outcome {
  const decision = decisionOf(row);
  return decision.allowed
    ? {
        allowed: decision.ground.ground
          .replace(/\/[^/]*$/, '')
          .replace(/:Basic$/, '')
          .replace(/^(parent|guardian|power-of-attorney|next-of-kin):.*$/, '$1'),
      }
    : { refused: decision.reason };
}
