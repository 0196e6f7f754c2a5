/** Where one can go, by who one is. */
import type { SessionAnswer } from '#trust/sign-in/contract.ts';

/** `name` is a key of the session's texts. */
export type Place = {
  to: string;
  name: string;
  /** An application of its own: a link out of this one. */
  isApart?: boolean;
};

const citizens: readonly Place[] = [
  { to: '/', name: 'place-home' },
  { to: '/health', name: 'place-health' },
  { to: '/access-log', name: 'place-access-log' },
  { to: '/control', name: 'place-control' },
  { to: '/take-with-me', name: 'place-carry' },
];
/** Of all who meet patients. */
const pharmacies: readonly Place[] = [
  { to: '/patients', name: 'place-patients' },
  { to: '/work', name: 'place-work' },
  { to: '/search', name: 'place-search' },
];
/** The rest is for those who treat, and the node answers nobody else. */
const carers: readonly Place[] = [
  ...pharmacies,
  { to: '/conflicts', name: 'place-conflicts' },
  { to: '/classification', name: 'place-classification' },
  { to: '/ward/', name: 'place-ward', isApart: true },
  { to: '/paper', name: 'place-paper' },
];
const officers: readonly Place[] = [
  { to: '/privacy/cases', name: 'place-cases' },
  { to: '/privacy/unusual', name: 'place-unusual' },
  { to: '/privacy/log', name: 'place-log' },
  { to: '/privacy/report', name: 'place-report' },
];
const operators: readonly Place[] = [
  { to: '/operations', name: 'place-operations' },
  { to: '/downtime', name: 'place-downtime' },
  { to: '/drill', name: 'place-drill' },
];

export function placesOf(session: SessionAnswer): readonly Place[] {
  if (!session.signedIn) return [];
  if (session.kind === 'citizen') return citizens;
  const duty = session.role?.duty;
  if (duty === 'privacyOfficer') return officers;
  if (duty === 'operator') return operators;
  if (duty === 'pharmacy') return pharmacies;
  return duty === 'care' ? carers : [];
}
