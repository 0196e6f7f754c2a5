/** Who may call which operation at all. What an operation reads and writes is decided like any reading and writing. Pure. */
import type { OperationFacts } from '#fhir/index.ts';
import type { Subject } from '../subject.ts';
import { refusal } from './refusal.ts';
import { scopesOf } from './scope.ts';

type Asker = Exclude<Subject, { kind: 'background' }>;

const treats = (subject: Asker): boolean =>
  subject.kind === 'system' ||
  (subject.kind === 'personnel' && (subject.duty === 'care' || subject.duty === 'pharmacy'));

/** As Persontjenesten's scopes begin. */
const personScope = 'nhn:hgd-persontjenesten-api/';

/** An application that was opened on one patient, or may read results only, has no business in a register of all persons. */
function hasScopeForPersons({ kind, scopes }: Asker): boolean {
  if (scopes === undefined || scopes.some((scope) => scope.startsWith(personScope))) return true;
  return hasScopeForAll({ kind, scopes }, 'Patient');
}

function hasScopeForAll({ kind, scopes }: Pick<Asker, 'kind' | 'scopes'>, type: string): boolean {
  if (scopes === undefined) return true;
  const level = kind === 'system' ? 'system' : 'user';
  return scopesOf(scopes).some(
    (scope) =>
      scope.level === level &&
      (scope.type === type || scope.type === '*') &&
      scope.search.length === 0 &&
      scope.interactions.includes('s'),
  );
}

/** Operations that are not for everybody who signed in. */
const restricted: Readonly<Record<string, (subject: Asker) => boolean>> = {
  /** Many records at once leave the node. */
  export: (subject) => subject.kind === 'system',
  /** Tells whether a person is known here. */
  match: (subject) => treats(subject) && hasScopeForPersons(subject),
  /** The register of persons, one by one by number. */
  'register-persons': (subject) => treats(subject) && hasScopeForPersons(subject),
  /** Its events tell of everybody. */
  'register-events': (subject) =>
    subject.kind === 'system' && subject.role === undefined && hasScopeForPersons(subject),
  /** How many of a patient's documents are closed to who asks: as the national document sharing tells personnel. */
  'documents-left-out': (subject) =>
    subject.kind === 'personnel' && subject.duty === 'care' && hasScopeForAll(subject, 'DocumentReference'),
  /** Work on the whole index. */
  reindex: (subject) =>
    (subject.kind === 'system' && subject.role === undefined) ||
    (subject.kind === 'personnel' && subject.duty === 'operator'),
};

/** Throws a Fault `forbidden` when the operation is not for the subject. */
export function mayCall(subject: Asker, { name }: OperationFacts): void {
  if (restricted[name]?.(subject) === false) throw refusal('operation');
}
