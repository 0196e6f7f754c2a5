/** What an application may do at most, by its SMART scopes: those that let a subject do something with a type in somebody's record. Pure. */
import { parseScope, type ResourceScope, type ScopeInteraction } from '../provider/scopes.ts';
import type { Subject } from '../subject.ts';

export type Interaction = 'create' | 'read' | 'update' | 'delete' | 'search';

export type Scope = ResourceScope;

const letters = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' } as const satisfies Record<
  Interaction,
  ScopeInteraction
>;

/** The scopes for resources among those of a token; others (`openid`, `launch`) are passed over. */
export const scopesOf = (texts: readonly string[]): Scope[] => texts.flatMap((text) => parseScope(text) ?? []);

/** Those of the scopes that let the subject do this with the type in the record of the patient (undefined: in nobody's). */
export function scopesFor(
  subject: Exclude<Subject, { kind: 'background' }>,
  scopes: readonly Scope[],
  interaction: Interaction,
  { type, patient }: { type: string; patient: string | undefined },
): Scope[] {
  return scopes.filter(
    (scope) =>
      (scope.type === type || scope.type === '*') &&
      scope.interactions.includes(letters[interaction]) &&
      isInContext(subject, scope, patient),
  );
}

/** Whether the application may do this with all of the type in the record of the patient (undefined: in any), as its person or itself may. */
export function holdsScope(
  subject: Subject,
  scopes: readonly Scope[] | undefined,
  interaction: Interaction,
  { type, patient }: { type: string; patient: string | undefined },
): boolean {
  if (scopes === undefined || subject.kind === 'background') return true;
  return scopesFor(subject, scopes, interaction, { type, patient }).some(
    ({ search, level }) => search.length === 0 && (patient !== undefined || level !== 'patient'),
  );
}

function isInContext(
  subject: Exclude<Subject, { kind: 'background' }>,
  { level }: Scope,
  patient: string | undefined,
): boolean {
  if (subject.kind === 'system' || level === 'system') return subject.kind === 'system' && level === 'system';
  return level === 'user' || patient === undefined || patient === launchPatientOf(subject);
}

/** The only patient that scopes of the level `patient` reach. */
export function launchPatientOf(subject: Exclude<Subject, { kind: 'background' }>): string | undefined {
  return subject.launchPatient ?? (subject.kind === 'citizen' ? subject.patient : undefined);
}
