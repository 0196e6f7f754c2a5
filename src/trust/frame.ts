/** What the access log says of a caller, and the key by which work of theirs is kept. */
import { hash } from 'node:crypto';
import type { EntryFrame } from './request-grant.ts';
import type { Caller } from './caller.ts';
import type { Ground } from './policy/decision.ts';
import type { Subject } from './subject.ts';

type Who = EntryFrame['who'];

/** What every entry of a subject says, whatever the request. */
export type SubjectFrame = Omit<EntryFrame, 'request' | 'from'>;

/** @param request ties the entries of one request together */
export function frameOf(
  { subject, session, address }: Caller,
  request: string,
  own: SubjectFrame = subjectFrame(subject),
): EntryFrame {
  return { ...own, request, from: { address, ...(session === undefined ? {} : { session }) } };
}

export function subjectFrame(subject: Subject): SubjectFrame {
  return {
    who: whoOf(subject),
    ...roleOf(subject),
    ...('isOffline' in subject && subject.isOffline ? { isOffline: true } : {}),
    defaultGround: defaultGround(subject),
  };
}

function whoOf(subject: Subject): Who {
  switch (subject.kind) {
    case 'personnel': {
      const { practitioner, name, authorisation, client } = subject;
      const reference = `Practitioner/${practitioner}`;
      return { kind: 'personnel', reference, name, client, ...(authorisation === undefined ? {} : { authorisation }) };
    }
    case 'citizen':
      return { kind: 'citizen', reference: `Patient/${subject.patient}`, name: subject.name, client: subject.client };
    case 'system':
      return { kind: 'system', reference: subject.client, name: subject.name, client: subject.client };
    case 'background':
      return { kind: 'background', reference: subject.name, name: subject.name };
  }
}

function roleOf(subject: Subject): Pick<EntryFrame, 'role'> {
  return 'role' in subject && subject.role !== undefined ? { role: subject.role } : {};
}

function defaultGround(subject: Subject): Ground {
  if (subject.kind === 'citizen') return { purpose: 'SELF', ground: 'none' };
  if (subject.kind !== 'personnel') return { purpose: 'SYSTEM', ground: 'none' };
  if (subject.duty === 'care' || subject.duty === 'pharmacy') return { purpose: 'TREAT', ground: 'none' };
  return { purpose: subject.duty === 'privacyOfficer' ? 'PRIVACY' : 'OPERATE', ground: 'none' };
}

/**
 * The same for every request of one person in one role, or of one system, that may as much: what was asked for with more scopes, or for another patient of
 * a launch, is not handed to who holds fewer.
 */
export function ownerKey(subject: Subject): string | undefined {
  if (subject.kind === 'background') return undefined;
  const scopes = subject.scopes && [...subject.scopes].sort();
  return keyOf([...callerParts(subject), scopes ?? 'all', subject.launchPatient ?? '']);
}

/** Who it is, whatever the application may: for what one person or system may do at most. */
export function callerKey(subject: Subject): string | undefined {
  return subject.kind === 'background' ? undefined : keyOf(callerParts(subject));
}

function callerParts(subject: Exclude<Subject, { kind: 'background' }>): string[] {
  const role = 'role' in subject ? (subject.role?.practitionerRole ?? subject.role?.pointOfCare ?? '') : '';
  return [subject.kind, subject.issuer, subject.subject, subject.client, role];
}

const keyOf = (parts: readonly unknown[]): string => hash('sha256', JSON.stringify(parts), 'base64url');
