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
import { sayIn, sayInBokmal, type Phrase, type Say } from './phrases.ts';
import { andPerhapsMore, nothingKnown, parameterNames } from './words.ts';

export type Line = { text: string; isDanger: boolean };

/** Every item, or why there is none; and that there may be more, where the record isn't whole. */
export function knownLines<T>(
  { items, state }: Known<T>,
  tell: (item: T, say: Say) => Line,
  say = sayInBokmal,
): Line[] {
  if (items.length === 0) {
    const why = state === 'recorded' ? nothingKnown.notRecorded : nothingKnown[state];
    return [{ text: say(why), isDanger: state === 'notLoaded' }];
  }
  const lines = items.map((item) => tell(item, say));
  return state === 'notLoaded' ? [...lines, { text: say(andPerhapsMore), isDanger: true }] : lines;
}

export function allergyLine({ what, reaction, isHigh, isConfirmed, isDisputed }: Allergy, say = sayInBokmal): Line {
  const details = [reaction, say(isConfirmed ? 'bekreftet' : 'ikke bekreftet'), ...(isHigh ? [say('HØY RISIKO')] : [])];
  const disputed = isDisputed ? ` – ${say(disputedWords)}` : '';
  return { text: `${what}: ${details.filter(Boolean).join(', ')}${disputed}`, isDanger: isHigh || isDisputed };
}

export function remarkLine({ text, since, by }: Remark, say = sayInBokmal): Line {
  const when =
    since === undefined
      ? ''
      : ` (${say('siden {date}', { date: fullDate(since) })}${by === undefined ? '' : `, ${by}`})`;
  return { text: `${text}${when}`, isDanger: true };
}

/** Why a list is empty. That there is nothing is said only of a record that is whole here. */
export const emptyWords = ({ held }: PatientSheet, words: Phrase, say = sayInBokmal): Line =>
  held.isWhole ? { text: say(words), isDanger: false } : { text: say(nothingKnown.notLoaded), isDanger: true };

/** What follows a list that is not empty: that it may be longer, where the record isn't whole here. */
export const moreWords = ({ held }: PatientSheet, say = sayInBokmal): string | undefined =>
  held.isWhole ? undefined : say(andPerhapsMore);

/** One line at the top of each page: what must not be missed. */
export function dangerLine(
  { allergies, critical, limits, isolation, isBlocked }: PatientSheet,
  say = sayInBokmal,
): string | undefined {
  if (isBlocked)
    return say(
      'SPERRET av pasienten: ingen opplysninger skrives ut. Allergier og kritisk informasjon er IKKE kjent her.',
    );
  const parts = [
    ...(allergies.state === 'notLoaded'
      ? [say('JOURNALEN ER IKKE HEL HER: allergier, legemidler og annet kan mangle')]
      : []),
    ...allergies.items.map(
      ({ what, isHigh }) => `${say('Allergi: {what}', { what })}${isHigh ? ` (${say('HØY RISIKO')})` : ''}`,
    ),
    ...limits.items.map(({ text }) => text),
    ...isolation.items.map(({ text }) => text),
    ...critical.items.map(({ text }) => text),
  ];
  return parts.length === 0 ? undefined : parts.join('  ·  ');
}

/** `6`, or `minst 3` where values are missing; `+` where one value alone is three points. */
export function scoreWords(score: Score | undefined, say = sayInBokmal): string {
  if (score === undefined) return say('ikke målt');
  if (score.notFor === 'child') return say('barn: PEVS');
  if (score.notFor === 'pregnant') return say('gravid: MEWS');
  return score.missing.length === 0 ? String(score.sum) : say('minst {sum}', { sum: score.sum });
}

export const isScoreDanger = (score: Score | undefined): boolean =>
  score !== undefined && score.notFor === undefined && (score.sum >= 5 || score.hasThree);

export function scoreLine(score: Score | undefined, now: number, say = sayInBokmal): Line {
  if (score === undefined) return { text: say('Ingen målinger på denne avdelingen siste 14 døgn.'), isDanger: false };
  const when = say('målt {when}, for {age} siden', {
    when: shortTime(score.at, now, say),
    age: ageWords(now - score.at, say),
  });
  if (score.notFor !== undefined)
    return {
      text: say(
        score.notFor === 'child'
          ? 'NEWS2 gjelder ikke barn under 16 år ({when}).'
          : 'NEWS2 gjelder ikke gravide ({when}).',
        { when },
      ),
      isDanger: false,
    };
  const what = score.missing.map((one) => say(parameterNames[one])).join(', ');
  const missing = what === '' ? '' : ` ${say('Mangler: {what}.', { what })}`;
  const three = score.hasThree ? ` ${say('En enkelt verdi gir 3 poeng.')}` : '';
  return { text: `NEWS2 ${scoreWords(score, say)} (${when}).${missing}${three}`, isDanger: isScoreDanger(score) };
}

/** Last given. */
export function lastWords({ last }: Medicine, now: number, say = sayInBokmal): string {
  if (last === undefined) return say('ikke gitt her');
  const when = shortTime(last.at, now, say);
  return `${last.isGiven ? when : say('IKKE gitt {when}', { when })}${last.dose ? ` (${last.dose})` : ''}`;
}

/** The doses of the next 24 hours. */
export function dueWords({ due, missed }: Medicine, now: number, say = sayInBokmal): string {
  const late = missed === undefined ? '' : `${say('Skulle vært gitt {when}.', { when: shortTime(missed, now, say) })} `;
  if (due.kind === 'asNeeded') return say('ved behov');
  if (due.kind === 'continuous') return say('kontinuerlig');
  if (due.kind === 'unsaid') return `${late}${due.words || say('tidspunkt ikke angitt')}`;
  if (due.times.length === 0) return `${late}${say('ingen neste døgn')}`;
  return late + due.times.map((at) => shortTime(at, now, say)).join(', ');
}

/** `sist hørt fra regionen …`: how old what came from above is. */
export function heardWords(heardAt: number, now: number, say = sayInBokmal): string {
  if (heardAt === never) return say('aldri hørt fra overordnet node');
  const age = now - heardAt;
  if (age < 60_000) return say('data fra samme tid');
  return say('sist hørt fra overordnet node {when} ({age} før)', {
    when: dayTime(heardAt, now),
    age: ageWords(age, say),
  });
}

/** Whether the record is whole here, and how old. */
export function heldWords({ isWhole, heardAt }: Held, now: number, say = sayInBokmal): string {
  return `${say(isWhole ? 'Hele journalen er her' : 'JOURNALEN ER IKKE HEL HER')}, ${heardWords(heardAt, now, say)}.`;
}

/** On every page. */
export function footerWords({ name, language, node, madeAt, heardAt }: WardPack): string {
  const say = sayIn(language);
  const made = say('laget {date} kl. {time}', { date: fullDate(madeAt), time: clockTime(madeAt) });
  return `${say('Nødpakke {name}', { name })} · ${made} · ${heardWords(heardAt, madeAt, say)} · node ${node}`;
}

export const identityWords = ({ number, born, age, sex }: Identity, say = sayInBokmal): string =>
  [number, say('f. {born}', { born }), age, sex].filter(Boolean).join('  ·  ');

/** For lists: the number and the age. */
export const shortIdentity = ({ number, age, sex }: Identity): string => [number, age, sex].filter(Boolean).join(' · ');

/** Why one is expected, and what is dangerous. */
export function expectedWords({ reason, allergies, critical }: Expected, say = sayInBokmal): string {
  const dangers = [
    ...knownLines(allergies, allergyLine, say).map(({ text }) => say('Allergi: {what}', { what: text })),
    ...critical.items.map((one) => remarkLine(one, say).text),
  ];
  return [reason, ...dangers].filter(Boolean).join(' · ');
}
