/** A refusal as it is told. */
import { Fault } from '#kernel/fault.ts';
import { reasons, type Language, type ReasonCode } from './reasons.ts';

/** For what the caller may not even know of, whatever the reason is. */
export function notThere(reason: ReasonCode): Fault {
  return new Fault('notFound', reasons['other-patient'].en, { reason });
}

/** `forbidden` with the sentence where the caller may know of it, else `notFound`. */
export function refusal(reason: ReasonCode, language: Language = 'en'): Fault {
  const { isKnown, [language]: sentence } = reasons[reason];
  return new Fault(isKnown ? 'forbidden' : 'notFound', sentence, { reason });
}
