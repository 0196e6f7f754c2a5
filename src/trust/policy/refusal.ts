/** A refusal as it is told. */
import { Fault } from '#kernel/fault.ts';
import { reasons, type Language, type ReasonCode } from './reasons.ts';

/** For what the caller may not even know of, whatever the reason is. */
export function notThere(reason: ReasonCode): Fault {
  return new Fault('notFound', reasons['other-patient'].en, { reason });
}

/** A refusal of the policy in the language that its reader asked for; others as they are. */
export function inLanguage(fault: Fault, language: Language): Fault {
  if (fault.reason === undefined || !Object.hasOwn(reasons, fault.reason)) return fault;
  // What is told as not there has no other sentence, whatever the reason is that the log keeps.
  const told = fault.kind === 'notFound' ? 'other-patient' : (fault.reason as ReasonCode);
  return new Fault(fault.kind, reasons[told][language], { reason: fault.reason, cause: fault });
}

/** Of the header Accept-Language; English where it names none of ours. */
export function languageIn(accepted: string | undefined): Language {
  const first = /\b(nb|nn|no|en)\b/.exec(accepted ?? '')?.[1];
  return first === 'nn' || first === 'en' ? first : first === undefined ? 'en' : 'nb';
}

/** `forbidden` with the sentence where the caller may know of it, else `notFound`. */
export function refusal(reason: ReasonCode, language: Language = 'en'): Fault {
  const { isKnown, [language]: sentence } = reasons[reason];
  return new Fault(isKnown ? 'forbidden' : 'notFound', sentence, { reason });
}
