/** The alert that the sync rules raise, and the Task that asks a person about it, as they are read and ended. Pure. */
import type { Resource } from '#fhir/types.ts';
import { codeSystem } from '../node/fhir-vocabulary.ts';
import type { SettleRequest } from './contract.ts';

export const alertSystem = `${codeSystem}/done-twice`;
const taskCode = 'possible-double';
const decideWithinMs = 24 * 3_600_000;

export type Alert = {
  id: string;
  /** What may be taken once. */
  key: string;
  kind: 'dispense' | 'slot' | 'dose';
  state: 'open' | 'closed';
  patient: string | undefined;
  /** Milliseconds since 1970. */
  since: number;
  deadline: number;
  resolution: { at: string; by: string; reason: string } | undefined;
  issue: Resource;
};

type Json = { readonly [element: string]: unknown };
const fieldsOf = (value: unknown): Json => (value ?? {}) as Json;
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Undefined for an issue of another kind. */
export function alertIn(issue: Resource): Alert | undefined {
  const key = textOf(listOf(issue['identifier']).find(({ system }) => system === alertSystem)?.['value']);
  const kind = (['dispense', 'slot', 'dose'] as const).find((one) => key?.startsWith(`${one} `));
  if (issue.resourceType !== 'DetectedIssue' || key === undefined || kind === undefined) return undefined;
  const since = Date.parse(textOf(issue['identifiedDateTime']) ?? textOf(issue.meta?.lastUpdated) ?? '');
  const [done] = listOf(issue['mitigation']);
  return {
    id: issue.id ?? '',
    key,
    kind,
    state: issue['status'] === 'preliminary' ? 'open' : 'closed',
    patient: textOf(fieldsOf(issue['patient'])['reference'])?.replace(/^Patient\//, ''),
    since,
    deadline: since + decideWithinMs,
    resolution: done && {
      at: textOf(done['date']) ?? '',
      by: textOf(fieldsOf(done['author'])['display']) ?? '',
      reason: textOf(fieldsOf(done['action'])['text']) ?? '',
    },
    issue,
  };
}

type Actor = { reference: string; name: string };

/** The alert with what a person found. */
export function settledIssue(issue: Resource, { reason }: SettleRequest, by: Actor, at: string): Resource {
  const mitigation = { action: { text: reason }, date: at, author: { reference: by.reference, display: by.name } };
  // When it was found stays said, though the version is another.
  const found = issue['identifiedDateTime'] ?? issue.meta?.lastUpdated;
  return {
    ...issue,
    status: 'final',
    ...(found === undefined ? {} : { identifiedDateTime: found }),
    mitigation: [mitigation],
  };
}

/** Beside the alert, in the work of who is to decide. Has the alert's id. */
export function taskAbout({ id, patient, since, deadline }: Alert, owner: Actor | undefined): Resource {
  return {
    resourceType: 'Task',
    id,
    status: 'requested',
    intent: 'order',
    priority: 'urgent',
    code: { coding: [{ system: codeSystem, code: taskCode }] },
    focus: { reference: `DetectedIssue/${id}` },
    ...(patient === undefined ? {} : { for: { reference: `Patient/${patient}` } }),
    authoredOn: new Date(since).toISOString(),
    ...(owner === undefined ? {} : { owner: { reference: owner.reference, display: owner.name } }),
    restriction: { period: { end: new Date(deadline).toISOString() } },
  };
}

export function endedTask(task: Resource, { reason }: SettleRequest, by: Actor, at: string): Resource {
  const author = { reference: by.reference, display: by.name };
  return {
    ...task,
    status: 'completed',
    owner: author,
    lastModified: at,
    note: [{ authorReference: author, time: at, text: reason }],
  };
}
