/** How the parts of a sheet are said in words: the same in PDF and in HTML. Pure. */
import {
  never,
  type Allergy,
  type Expected,
  type Held,
  type Identity,
  type Known,
  type Medicine,
  type PatientSheet,
  type Remark,
  type Score,
  type WardPack,
} from './contract.ts';
import { disputedWords } from './disputed.ts';
import { ageWords, clockTime, dayTime, fullDate, shortTime } from './local-time.ts';
import { andPerhapsMore, nothingKnown, parameterNames } from './words.ts';

export type Line = { text: string; isDanger: boolean };

/** Every item, or why there is none; and that there may be more, where the record isn't whole. */
export function knownLines<T>({ items, state }: Known<T>, say: (item: T) => Line): Line[] {
  if (items.length === 0) {
    const why = state === 'recorded' ? nothingKnown.notRecorded : nothingKnown[state];
    return [{ text: why, isDanger: state === 'notLoaded' }];
  }
  const lines = items.map(say);
  return state === 'notLoaded' ? [...lines, { text: andPerhapsMore, isDanger: true }] : lines;
}

export function allergyLine({ what, reaction, isHigh, isConfirmed, isDisputed }: Allergy): Line {
  const details = [reaction, isConfirmed ? 'bekreftet' : 'ikke bekreftet', ...(isHigh ? ['HØY RISIKO'] : [])];
  const disputed = isDisputed ? ` – ${disputedWords}` : '';
  return { text: `${what}: ${details.filter(Boolean).join(', ')}${disputed}`, isDanger: isHigh || isDisputed };
}

export function remarkLine({ text, since, by }: Remark): Line {
  const when = since === undefined ? '' : ` (siden ${fullDate(since)}${by === undefined ? '' : `, ${by}`})`;
  return { text: `${text}${when}`, isDanger: true };
}

/** Why a list is empty. That there is nothing is said only of a record that is whole here. */
export const emptyWords = ({ held }: PatientSheet, words: string): Line =>
  held.isWhole ? { text: words, isDanger: false } : { text: nothingKnown.notLoaded, isDanger: true };

/** What follows a list that is not empty: that it may be longer, where the record isn't whole here. */
export const moreWords = ({ held }: PatientSheet): string | undefined => (held.isWhole ? undefined : andPerhapsMore);

/** One line at the top of each page: what must not be missed. */
export function dangerLine({ allergies, critical, limits, isolation, isBlocked }: PatientSheet): string | undefined {
  if (isBlocked)
    return 'SPERRET av pasienten: ingen opplysninger skrives ut. Allergier og kritisk informasjon er IKKE kjent her.';
  const parts = [
    ...(allergies.state === 'notLoaded'
      ? ['JOURNALEN ER IKKE HEL HER: allergier, legemidler og annet kan mangle']
      : []),
    ...allergies.items.map(({ what, isHigh }) => `Allergi: ${what}${isHigh ? ' (HØY RISIKO)' : ''}`),
    ...limits.items.map(({ text }) => text),
    ...isolation.items.map(({ text }) => text),
    ...critical.items.map(({ text }) => text),
  ];
  return parts.length === 0 ? undefined : parts.join('  ·  ');
}

/** `6`, or `minst 3` where values are missing; `+` where one value alone is three points. */
export function scoreWords(score: Score | undefined): string {
  if (score === undefined) return 'ikke målt';
  if (score.notFor === 'child') return 'barn: PEVS';
  if (score.notFor === 'pregnant') return 'gravid: MEWS';
  return score.missing.length === 0 ? String(score.sum) : `minst ${score.sum}`;
}

export const isScoreDanger = (score: Score | undefined): boolean =>
  score !== undefined && score.notFor === undefined && (score.sum >= 5 || score.hasThree);

export function scoreLine(score: Score | undefined, now: number): Line {
  if (score === undefined) return { text: 'Ingen målinger på denne avdelingen siste 14 døgn.', isDanger: false };
  const when = `målt ${shortTime(score.at, now)}, for ${ageWords(now - score.at)} siden`;
  if (score.notFor !== undefined)
    return {
      text: `NEWS2 gjelder ikke ${score.notFor === 'child' ? 'barn under 16 år' : 'gravide'} (${when}).`,
      isDanger: false,
    };
  const missing =
    score.missing.length === 0 ? '' : ` Mangler: ${score.missing.map((one) => parameterNames[one]).join(', ')}.`;
  const three = score.hasThree ? ' En enkelt verdi gir 3 poeng.' : '';
  return { text: `NEWS2 ${scoreWords(score)} (${when}).${missing}${three}`, isDanger: isScoreDanger(score) };
}

/** Last given. */
export function lastWords({ last }: Medicine, now: number): string {
  if (last === undefined) return 'ikke gitt her';
  return `${last.isGiven ? '' : 'IKKE gitt '}${shortTime(last.at, now)}${last.dose ? ` (${last.dose})` : ''}`;
}

/** The doses of the next 24 hours. */
export function dueWords({ due, missed }: Medicine, now: number): string {
  const late = missed === undefined ? '' : `Skulle vært gitt ${shortTime(missed, now)}. `;
  if (due.kind === 'asNeeded') return 'ved behov';
  if (due.kind === 'continuous') return 'kontinuerlig';
  if (due.kind === 'unsaid') return `${late}${due.words || 'tidspunkt ikke angitt'}`;
  if (due.times.length === 0) return `${late}ingen neste døgn`;
  return late + due.times.map((at) => shortTime(at, now)).join(', ');
}

/** `sist hørt fra regionen …`: how old what came from above is. */
export function heardWords(heardAt: number, now: number): string {
  if (heardAt === never) return 'aldri hørt fra overordnet node';
  const age = now - heardAt;
  if (age < 60_000) return 'data fra samme tid';
  return `sist hørt fra overordnet node ${dayTime(heardAt, now)} (${ageWords(age)} før)`;
}

/** Whether the record is whole here, and how old. */
export function heldWords({ isWhole, heardAt }: Held, now: number): string {
  return `${isWhole ? 'Hele journalen er her' : 'JOURNALEN ER IKKE HEL HER'}, ${heardWords(heardAt, now)}.`;
}

/** On every page. */
export function footerWords({ name, node, madeAt, heardAt }: WardPack): string {
  const made = `laget ${fullDate(madeAt)} kl. ${clockTime(madeAt)}`;
  return `Nødpakke ${name} · ${made} · ${heardWords(heardAt, madeAt)} · node ${node}`;
}

export const identityWords = ({ number, born, age, sex }: Identity): string =>
  [number, `f. ${born}`, age, sex].filter(Boolean).join('  ·  ');

/** For lists: the number and the age. */
export const shortIdentity = ({ number, age, sex }: Identity): string => [number, age, sex].filter(Boolean).join(' · ');

/** Why one is expected, and what is dangerous. */
export function expectedWords({ reason, allergies, critical }: Expected): string {
  const dangers = [
    ...knownLines(allergies, allergyLine).map(({ text }) => `Allergi: ${text}`),
    ...critical.items.map((one) => remarkLine(one).text),
  ];
  return [reason, ...dangers].filter(Boolean).join(' · ');
}
