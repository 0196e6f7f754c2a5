/** Critical information as kjernejournal groups it: ongoing treatment, implants, changed procedures (7517, 7518, 7522), and allergies that kill. */
import type { Flag } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, type Chart } from './chart.ts';
import { concept, hl7 } from './codes.ts';

const category = [{ ...hl7('flag-category', 'clinical', 'Clinical'), text: 'Kritisk informasjon' }];

export type CriticalDraft = {
  system: '7517' | '7518' | '7522' | '7513';
  code: string;
  display: string;
  text?: string;
  from: Day;
  until?: Day;
};

/** Adds a flag that is active from one day to another. */
export function addCritical(chart: Chart, { system, code, display, text, from, until }: CriticalDraft): void {
  if (from >= chart.lastDay) return;
  const end = until === undefined || until >= chart.lastDay ? undefined : until;
  chart.add(from, {
    resourceType: 'Flag',
    status: end === undefined ? 'active' : 'inactive',
    category,
    code: { ...concept(`urn:oid:2.16.578.1.12.4.1.1.${system}`, code, display), text: text ?? display },
    subject: chart.patient,
    period: { start: instant(from, 720), ...(end === undefined ? {} : { end: instant(end, 720) }) },
    author: chart.practitioner.reference,
  } satisfies Flag);
}
