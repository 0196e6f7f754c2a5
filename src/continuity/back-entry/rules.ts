/** What may become of a downtime form, and who has to look at it. Pure. */
import type { FormKind, FormState } from './contract.ts';

/** Which kinds a second person compares with the paper before they are in the record, and why. */
export const secondPerson: Readonly<Record<FormKind, { isNeeded: boolean; why: string }>> = {
  vitals: {
    isNeeded: false,
    why: 'A wrong value stands out beside the others, decides nothing alone any more, and can be amended.',
  },
  doses: {
    isNeeded: true,
    why: 'A dose that is misread or left out is given twice, or not at all: the next one is due by what stands here.',
  },
  note: { isNeeded: false, why: 'It is signed by name and read as words; nothing is done by it without a person.' },
  order: { isNeeded: true, why: 'It is carried out: a wrong medicine, dose or patient does harm before anybody asks.' },
  newPatient: {
    isNeeded: true,
    why: 'Everything that was written on paper for that person goes where this says: two people agree on who it was.',
  },
};

export type FormAct = 'enter' | 'verify' | 'reject' | 'record' | 'unused' | 'lost';

export type FormFacts = {
  kind: FormKind;
  state: FormState;
  /** What was entered is in the record. */
  isRecorded: boolean;
  /** Who entered it, by reference. */
  enteredBy: string | undefined;
};

export type Verdict = { allowed: true; state: FormState } | { allowed: false; reason: Refusal };
export type Refusal =
  | 'entered-already'
  | 'nothing-entered'
  | 'in-the-record'
  | 'same-person'
  | 'no-second-person-needed'
  | 'second-person-first'
  | 'closed-so-already';

/** A sheet that was given up and turns up after all can still be entered: nothing on paper is lost by a word too early. */
const enterable: ReadonlySet<FormState> = new Set(['issued', 'unused', 'lost']);

export function judge(act: FormAct, form: FormFacts, by: string): Verdict {
  const { kind, state, isRecorded, enteredBy } = form;
  const isEntered = state === 'entered' || state === 'verified';
  const no = (reason: Refusal): Verdict => ({ allowed: false, reason });
  switch (act) {
    case 'enter':
      return enterable.has(state) ? { allowed: true, state: 'entered' } : no('entered-already');
    case 'verify':
      if (state !== 'entered') return no(state === 'verified' ? 'in-the-record' : 'nothing-entered');
      if (!secondPerson[kind].isNeeded) return no('no-second-person-needed');
      return by === enteredBy ? no('same-person') : { allowed: true, state: 'verified' };
    case 'reject':
      if (!isEntered) return no('nothing-entered');
      if (isRecorded) return no('in-the-record');
      return { allowed: true, state: 'issued' };
    case 'record':
      if (!isEntered) return no('nothing-entered');
      if (state === 'entered' && secondPerson[kind].isNeeded) return no('second-person-first');
      return { allowed: true, state };
    case 'unused':
    case 'lost':
      if (isEntered) return no('entered-already');
      return state === act ? no('closed-so-already') : { allowed: true, state: act };
  }
}

/** Nothing more is to be done: it is in the record, or a person has said that it never will be. */
export function isClosed({ state, isRecorded }: Pick<FormFacts, 'state' | 'isRecorded'>): boolean {
  return isRecorded || state === 'unused' || state === 'lost';
}

export const refusals: Readonly<Record<Refusal, string>> = {
  'entered-already':
    'This form was entered already. If you hold another sheet with the same number, issue a form for it and enter it there.',
  'nothing-entered': 'Nothing is entered on this form yet.',
  'in-the-record': 'What was entered is in the record. It is put right there, not here.',
  'same-person': 'The one who entered it cannot be the one who compares it with the paper.',
  'no-second-person-needed': 'This kind of form needs no second person.',
  'second-person-first': 'A second person compares it with the paper first.',
  'closed-so-already': 'That was said of this form already.',
};

/** A dose that is in the record within this time of the one on paper may be the same. */
export const doubleWithinMs = 45 * 60_000;

/** Stated times are not after the entry (by more than clocks differ), nor longer ago than an outage lasts. */
export function isPlausibleTime(at: number, now: number): boolean {
  return at <= now + 10 * 60_000 && at >= now - 31 * 86_400_000;
}
