/** What control writes in the record: Basic for attestations, broken glasses and cases; Consent for what patients decide. Pure. */
import type { Resource } from '#fhir/types.ts';
import { systems, trustCodes } from '../policy/codes.ts';
import { elementOf, elementsOf, textOf } from '../policy/elements.ts';
import { attestationExtensions } from '../policy/read-facts.ts';
import type { CaseAnswer } from './contract.ts';

export const caseStatus = 'urn:fyr:code-system:case-status';

const caseExtensions = {
  kind: 'urn:fyr:extension:case-kind',
  about: 'urn:fyr:extension:case-about',
  who: 'urn:fyr:extension:case-who',
  name: 'urn:fyr:extension:case-who-name',
  message: 'urn:fyr:extension:case-message',
  opened: 'urn:fyr:extension:case-opened',
  deadline: 'urn:fyr:extension:case-deadline',
  conclusion: 'urn:fyr:extension:case-conclusion',
  text: 'urn:fyr:extension:case-conclusion-text',
  by: 'urn:fyr:extension:case-followed-up-by',
  at: 'urn:fyr:extension:case-followed-up-at',
} as const;

const iso = (ms: number): string => new Date(ms).toISOString();
const coding = (system: string, code: string): { system: string; code: string } => ({ system, code });

export type AttestationDraft = {
  id: string;
  patient: string;
  practitioner: string;
  name: string;
  purpose: 'TREAT' | 'ETREAT' | 'COC' | 'BTG';
  reason: string;
  decisionReference: string | undefined;
  from: number;
  until: number;
};

export function attestationResource(draft: AttestationDraft): Resource {
  const { id, patient, practitioner, name, purpose, reason, decisionReference, from, until } = draft;
  const code = purpose === 'BTG' ? trustCodes.breakGlass : trustCodes.attestation;
  return {
    resourceType: 'Basic',
    id,
    extension: [
      { url: attestationExtensions.purpose, valueCoding: coding(systems.purpose, purpose) },
      { url: attestationExtensions.period, valuePeriod: { start: iso(from), end: iso(until) } },
      { url: attestationExtensions.reason, valueString: reason },
      ...(decisionReference === undefined
        ? []
        : [{ url: attestationExtensions.decision, valueString: decisionReference }]),
    ],
    code: { coding: [coding(systems.trust, code)] },
    subject: { reference: `Patient/${patient}` },
    created: iso(from).slice(0, 10),
    author: { reference: `Practitioner/${practitioner}`, display: name },
  };
}

export type CaseDraft = Omit<CaseAnswer, 'status' | 'isLate' | 'followedUp' | 'opened' | 'deadline'> & {
  openedAt: number;
  deadlineAt: number;
};

export function caseResource(draft: CaseDraft): Resource {
  const { id, kind, patient, who, about, message, openedAt, deadlineAt } = draft;
  return {
    resourceType: 'Basic',
    id,
    extension: [
      { url: caseExtensions.kind, valueCode: kind },
      { url: caseExtensions.about, valueString: about },
      ...(who
        ? [
            { url: caseExtensions.who, valueString: who.reference },
            { url: caseExtensions.name, valueString: who.name },
          ]
        : []),
      { url: caseExtensions.message, valueString: message },
      { url: caseExtensions.opened, valueDateTime: iso(openedAt) },
      { url: caseExtensions.deadline, valueDateTime: iso(deadlineAt) },
    ],
    code: { coding: [coding(systems.trust, trustCodes.case), coding(caseStatus, 'open')] },
    subject: { reference: `Patient/${patient}` },
    created: iso(openedAt).slice(0, 10),
  };
}

export type FollowUp = { conclusion: string; text: string; by: string; at: number };

/** The case, closed with its conclusion. */
export function followedUp(one: Resource, { conclusion, text, by, at }: FollowUp): Resource {
  return {
    ...one,
    extension: [
      ...elementsOf(one['extension']),
      { url: caseExtensions.conclusion, valueCode: conclusion },
      { url: caseExtensions.text, valueString: text },
      { url: caseExtensions.by, valueString: by },
      { url: caseExtensions.at, valueDateTime: iso(at) },
    ],
    code: { coding: [coding(systems.trust, trustCodes.case), coding(caseStatus, 'closed')] },
  };
}

export function caseAnswer(one: Resource, now: number): CaseAnswer {
  const told = (url: string): string => {
    const found = elementsOf(one['extension']).find((each) => each['url'] === url) ?? {};
    return textOf(found['valueString']) ?? textOf(found['valueCode']) ?? textOf(found['valueDateTime']) ?? '';
  };
  const isClosed = elementsOf(elementOf(one['code'])['coding']).some(
    ({ system, code }) => system === caseStatus && code === 'closed',
  );
  const deadline = told(caseExtensions.deadline);
  const who = told(caseExtensions.who);
  return {
    id: one.id ?? '',
    kind: told(caseExtensions.kind) === 'break-glass' ? 'break-glass' : 'wrong-access',
    status: isClosed ? 'closed' : 'open',
    patient: (textOf(elementOf(one['subject'])['reference']) ?? '').replace(/^Patient\//, ''),
    ...(who === '' ? {} : { who: { reference: who, name: told(caseExtensions.name) } }),
    about: told(caseExtensions.about),
    message: told(caseExtensions.message),
    opened: told(caseExtensions.opened),
    deadline,
    isLate: !isClosed && Date.parse(deadline) < now,
    ...(isClosed
      ? {
          followedUp: {
            conclusion: told(caseExtensions.conclusion),
            text: told(caseExtensions.text),
            by: told(caseExtensions.by),
            at: told(caseExtensions.at),
          },
        }
      : {}),
  };
}

const recipient = { coding: [coding(systems.participation, 'IRCP')] };

export type ChoiceDraft = {
  id: string;
  kind: 'block' | 'reservation' | 'youth-grant' | 'summary-share' | 'power-of-attorney';
  patient: string;
  /** Who chose: the patient, or who acts for the patient. */
  chosenBy: string;
  from: number;
  actors: readonly string[];
  besides?: readonly string[];
  document?: string | undefined;
};

const law = {
  block: 'Pasientjournalloven § 17: rett til å motsette seg behandling av opplysninger',
  reservation: 'Kjernejournalforskriften: rett til å reservere seg mot kjernejournal',
  'summary-share': 'Pasient- og brukerrettighetsloven § 5-1: innsyn og kopi, delt av den det gjelder',
  'power-of-attorney': 'Fullmakt til å bruke helsetjenester på vegne av',
  'youth-grant': 'Pasient- og brukerrettighetsloven § 3-4: barnet gir foreldre innsyn',
} as const;

export function choiceResource({
  id,
  kind,
  patient,
  chosenBy,
  from,
  actors,
  besides,
  document,
}: ChoiceDraft): Resource {
  const named = (references: readonly string[]): object[] =>
    references.map((reference) => ({ role: recipient, reference: { reference } }));
  return {
    resourceType: 'Consent',
    id,
    status: 'active',
    scope: { coding: [coding(systems.consentScope, 'patient-privacy')] },
    category: [{ coding: [coding(systems.consentKind, kind)] }, { coding: [coding('http://loinc.org', '59284-0')] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: iso(from),
    performer: [{ reference: `Patient/${chosenBy}` }],
    policyRule: { text: law[kind] },
    provision: {
      type: kind === 'block' || kind === 'reservation' ? 'deny' : 'permit',
      period: { start: iso(from) },
      ...(actors.length > 0 ? { actor: named(actors) } : {}),
      ...(document === undefined
        ? {}
        : { data: [{ meaning: 'instance', reference: { reference: `DocumentReference/${document}` } }] }),
      ...(besides && besides.length > 0 ? { provision: [{ type: 'permit', actor: named(besides) }] } : {}),
    },
  };
}

export type ShareDraft = Omit<ChoiceDraft, 'actors' | 'besides' | 'document'> & {
  until: number;
  identifier: { system: string; value: string };
  note: string | undefined;
};

/** Whoever has the code of the identifier reads the summary until then. */
export function shareResource({ until, identifier, note, ...draft }: ShareDraft): Resource {
  const choice = choiceResource({ ...draft, actors: [] });
  return {
    ...choice,
    ...(note === undefined ? {} : { extension: [{ url: 'urn:fyr:extension:share-note', valueString: note }] }),
    identifier: [identifier],
    provision: { ...elementOf(choice['provision']), period: { start: iso(draft.from), end: iso(until) } },
  };
}

export type PowerDraft = Omit<ChoiceDraft, 'actors' | 'besides' | 'document'> & {
  to: { reference: string; name: string };
  /** Resource types; undefined: all of the record. */
  types: readonly string[] | undefined;
  mayWrite: boolean;
  until: number | undefined;
};

const delegatee = [coding('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'HPOWATT')];
const resourceTypes = 'http://hl7.org/fhir/resource-types';

/** The one named acts for the patient: reads, and where it says so writes, what the types say. */
export function powerResource({ to, types, mayWrite, until, ...draft }: PowerDraft): Resource {
  const choice = choiceResource({ ...draft, actors: [] });
  const actions = mayWrite ? ['access', 'correct'] : ['access'];
  return {
    ...choice,
    provision: {
      ...elementOf(choice['provision']),
      period: { start: iso(draft.from), ...(until === undefined ? {} : { end: iso(until) }) },
      actor: [{ role: { coding: delegatee }, reference: { reference: to.reference, display: to.name } }],
      action: actions.map((action) => ({
        coding: [coding('http://terminology.hl7.org/CodeSystem/consentaction', action)],
      })),
      ...(types === undefined ? {} : { class: types.map((type) => coding(resourceTypes, type)) }),
    },
  };
}
