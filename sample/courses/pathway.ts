/** The national cancer pathways as hospitals report them: milestones of 8480 Pakkeforløp kreft, each a Procedure on its day. */
import type { Procedure } from 'fhir/r4.js';
import type { Day } from '#shared/days.ts';
import { instant, type Chart, type Reference } from '../chart.ts';
import { concept } from '../codes.ts';
import type { Milestone, Pathway } from './course.ts';

const system = 'urn:oid:2.16.578.1.12.4.1.1.8480';
const category = { text: 'Pakkeforløp for kreft' };

const texts: Readonly<Record<Milestone, (name: string) => string>> = {
  A: (name) => `${name}; Start pakkeforløp/mottatt henvisning`,
  S: (name) => `${name}; Start utredning`,
  CK: (name) => `Påvist ${name.toLowerCase()} og behandling besluttet`,
  FK: (name) => `${name}; Start initial behandling; Kirurgisk behandling`,
  FM: (name) => `${name}; Start initial behandling; Medikamentell behandling`,
  FS: (name) => `${name}; Start initial behandling; Strålebehandling`,
};

/** Adds a milestone; of those that start treatment the first of a pathway is the initial one, and the only that is reported. */
export function addMilestone(
  chart: Chart,
  { code, name }: Pathway,
  milestone: Milestone,
  { day, minute, encounter }: { day: Day; minute: number; encounter?: Reference },
): void {
  const startsTreatment = milestone.startsWith('F');
  const reported = `${code}${startsTreatment ? 'F' : milestone}`;
  if (chart.milestones.has(reported)) return;
  chart.milestones.add(reported);
  const at = instant(day, minute);
  chart.add(day, {
    resourceType: 'Procedure',
    status: 'completed',
    category,
    code: concept(system, `${code}${milestone}`, texts[milestone](name)),
    subject: chart.patient,
    ...(encounter ? { encounter } : {}),
    performedPeriod: { start: at, end: at },
  } satisfies Procedure);
}
