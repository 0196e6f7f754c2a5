/** Who may call which operation at all. What an operation reads and writes is decided like any reading and writing. Pure. */
import type { OperationFacts } from '#fhir/index.ts';
import type { Subject } from '../subject.ts';
import { refusal } from './refusal.ts';

type Asker = Exclude<Subject, { kind: 'background' }>;

/** Operations that are not for everybody who signed in. */
const restricted: Readonly<Record<string, (subject: Asker) => boolean>> = {
  /** Many records at once leave the node. */
  export: (subject) => subject.kind === 'system',
  /** Tells whether a person is known here. */
  match: (subject) =>
    subject.kind === 'system' ||
    (subject.kind === 'personnel' && (subject.duty === 'care' || subject.duty === 'pharmacy')),
  /** The register of persons, one by one by number. */
  'register-persons': (subject) =>
    subject.kind === 'system' ||
    (subject.kind === 'personnel' && (subject.duty === 'care' || subject.duty === 'pharmacy')),
  /** Its events tell of everybody. */
  'register-events': (subject) => subject.kind === 'system' && subject.role === undefined,
  /** Work on the whole index. */
  reindex: (subject) =>
    (subject.kind === 'system' && subject.role === undefined) ||
    (subject.kind === 'personnel' && subject.duty === 'operator'),
};

/** Throws a Fault `forbidden` when the operation is not for the subject. */
export function mayCall(subject: Asker, { name }: OperationFacts): void {
  if (restricted[name]?.(subject) === false) throw refusal('operation');
}
