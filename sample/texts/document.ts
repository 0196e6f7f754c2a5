/** A text in a Binary, listed by a DocumentReference (type: 9602). */
import type { Binary, DocumentReference } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, moment, type Chart, type Reference } from '../chart.ts';
import { codeSystems, concept } from '../codes.ts';
import type { PractitionerEntry, UnitEntry } from '../region.ts';

/** The two written forms of Norwegian. */
export type Language = 'nb' | 'nn';

const types = {
  dischargeSummary: ['A03-2', 'Epikrise', 'A00-1', 'Epikriser og sammenfatninger'],
  nursingSummary: ['A04-2', 'Sykepleiesammenfatning', 'A00-1', 'Epikriser og sammenfatninger'],
  outpatientSummary: ['A13-2', 'Poliklinisk epikrise', 'A00-1', 'Epikriser og sammenfatninger'],
  note: ['B02-2', 'Journalnotat', 'B00-1', 'Kontinuerlig/løpende journal'],
  outpatientNote: ['B03-2', 'Poliklinisk notat', 'B00-1', 'Kontinuerlig/løpende journal'],
  pathology: ['C04-2', 'Patologi, histologi og cytologi', 'C00-1', 'Prøvesvar, vev og væsker'],
  imaging: ['E01-2', 'Diagnostiske bilder', 'E00-1', 'Bildediagnostikk og andre medisinske bilder'],
  delivery: ['F04-2', 'Svangerskap og fødsel', 'F00-1', 'Kurve, observasjon og behandling'],
  referral: ['I01-2', 'Henvisninger', 'I00-1', 'Korrespondanse'],
  death: ['J02-2', 'Legeerklæring om dødsfall', 'J00-1', 'Attester, melding og erklæringer'],
} as const;

export type DocumentDraft = {
  kind: keyof typeof types;
  title: string;
  text: string;
  language: Language;
  day: Day;
  minute: number;
  author: PractitionerEntry;
  unit: UnitEntry;
  encounter: Reference;
  /** The contact that it tells of. */
  period: { start: string; end?: string };
};

const contentType = 'text/plain; charset=utf-8';

/** Answers the reference to the DocumentReference. */
export function addDocument(chart: Chart, draft: DocumentDraft): Reference {
  const [code, display, group, groupDisplay] = types[draft.kind];
  const bytes = Buffer.from(draft.text, 'utf8');
  const date = instant(draft.day, draft.minute);
  const binary = chart.add(
    draft.day,
    {
      resourceType: 'Binary',
      contentType,
      securityContext: chart.patient,
      data: bytes.toString('base64'),
    } satisfies Binary,
    { from: moment(draft.day, draft.minute) },
  );
  return chart.add(draft.day, {
    resourceType: 'DocumentReference',
    status: 'current',
    docStatus: 'final',
    type: concept(codeSystems.documentType, code, display),
    category: [concept(codeSystems.documentType, group, groupDisplay)],
    subject: chart.patient,
    date,
    author: [draft.author.role],
    custodian: draft.unit.organisation,
    description: draft.title,
    content: [
      {
        attachment: {
          contentType,
          language: draft.language,
          url: binary.reference,
          size: bytes.length,
          title: draft.title,
          creation: date,
        },
      },
    ],
    context: { encounter: [draft.encounter], period: draft.period },
  } satisfies DocumentReference);
}
