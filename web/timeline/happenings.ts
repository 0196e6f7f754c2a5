/** What happened to a patient, of many types, as one row each in the order of time; and how many there were in each part of a span. Pure. */
import type {
  Condition,
  DiagnosticReport,
  DocumentReference,
  Encounter,
  FhirResource,
  Immunization,
  MedicationRequest,
  Procedure,
} from 'fhir/r4';
import { documentTitle } from '../record/directory.ts';
import { codeOf, wordsOf } from '../record/words.ts';

export const kinds = ['contact', 'problem', 'result', 'procedure', 'document', 'medicine', 'vaccine'] as const;
export type Kind = (typeof kinds)[number];

export type Happening = {
  id: string;
  /** As the record has it: a day, or an instant. */
  at: string;
  kind: Kind;
  title: string;
  /** From whom or where. */
  from: string;
  /** The page that tells more, below the patient's. */
  to: string | undefined;
};

/** Newest first. What was entered by mistake, and what has no time, is left out. */
export function happeningsOf(resources: readonly FhirResource[]): Happening[] {
  return resources
    .flatMap((one) => {
      const { status } = one as { status?: string };
      const told = status === 'entered-in-error' || status === 'cancelled' ? undefined : happeningOf(one);
      return told?.at === undefined || told.at === ''
        ? []
        : [{ ...told, at: told.at, id: `${one.resourceType}/${one.id}` }];
    })
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

type Told = Omit<Happening, 'id' | 'at'> & { at: string | undefined };

function happeningOf(resource: FhirResource): Told | undefined {
  switch (resource.resourceType) {
    case 'Encounter':
      return contact(resource);
    case 'Condition':
      return problem(resource);
    case 'DiagnosticReport':
      return report(resource);
    case 'Procedure':
      return procedure(resource);
    case 'DocumentReference':
      return document(resource);
    case 'MedicationRequest':
      return prescription(resource);
    case 'Immunization':
      return vaccination(resource);
    default:
      return undefined;
  }
}

const contact = ({ period, reasonCode, type, class: kind, serviceProvider, participant }: Encounter): Told => ({
  at: period?.start,
  kind: 'contact',
  title: wordsOf(reasonCode?.[0]) || wordsOf(type?.[0]) || (kind.display ?? ''),
  from: serviceProvider?.display ?? participant?.[0]?.individual?.display ?? '',
  to: undefined,
});

const problem = ({ onsetDateTime, recordedDate, code, recorder }: Condition): Told => ({
  at: onsetDateTime ?? recordedDate,
  kind: 'problem',
  title: wordsOf(code),
  from: recorder?.display ?? '',
  to: undefined,
});

const report = ({ effectiveDateTime, issued, code, conclusion, performer }: DiagnosticReport): Told => ({
  at: effectiveDateTime ?? issued,
  kind: 'result',
  // That it is a report of a laboratory the kind says.
  title: conclusion ?? (codeOf(code) === '11502-2' ? '' : wordsOf(code)),
  from: performer?.[0]?.display ?? '',
  to: 'results?view=time',
});

const procedure = ({ performedDateTime, performedPeriod, code, performer }: Procedure): Told => ({
  at: performedDateTime ?? performedPeriod?.start,
  kind: 'procedure',
  title: wordsOf(code),
  from: performer?.[0]?.actor.display ?? '',
  to: undefined,
});

const document = (one: DocumentReference): Told => ({
  at: one.date,
  kind: 'document',
  title: documentTitle(one),
  from: one.author?.[0]?.display ?? '',
  to: `documents/${one.id}`,
});

const prescription = ({
  authoredOn,
  medicationCodeableConcept,
  medicationReference,
  requester,
}: MedicationRequest): Told => ({
  at: authoredOn,
  kind: 'medicine',
  title: medicationReference?.display ?? wordsOf(medicationCodeableConcept),
  from: requester?.display ?? '',
  to: 'medicines',
});

const vaccination = ({ occurrenceDateTime, vaccineCode, performer }: Immunization): Told => ({
  at: occurrenceDateTime,
  kind: 'vaccine',
  title: wordsOf(vaccineCode),
  from: performer?.[0]?.actor.display ?? '',
  to: 'medicines',
});

/** `''` is the whole life, else a year, a month or a day: `2026`, `2026-11`, `2026-11-23`. */
export type Span = string;

export function isSpan(text: string): boolean {
  return /^(\d{4}(-\d\d(-\d\d)?)?)?$/.test(text);
}

/** The span around: of a day its month, of a year the whole life. */
export function around(span: Span): Span {
  return span.includes('-') ? span.slice(0, span.lastIndexOf('-')) : '';
}

export function inside(happenings: readonly Happening[], span: Span, dayOf: (at: string) => string): Happening[] {
  return happenings.filter(({ at }) => dayOf(at).startsWith(span));
}

/** The parts of a span that anything happened in, oldest first, with how much: of a life years, of a year months, of a month days. */
export function partsOf(
  happenings: readonly Happening[],
  span: Span,
  dayOf: (at: string) => string,
): { span: Span; count: number }[] {
  const length = span === '' ? 4 : span.length + 3;
  if (length > 10) return [];
  const counts = new Map<Span, number>();
  for (const { at } of happenings) {
    const part = dayOf(at).slice(0, length);
    if (part.length === length && part.startsWith(span)) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return [...counts].map(([part, count]) => ({ span: part, count })).sort((a, b) => a.span.localeCompare(b.span));
}
