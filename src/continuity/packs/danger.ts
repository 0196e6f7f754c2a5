/** Allergies, critical information, limits of treatment and isolation of one patient. Pure. Nothing is ever told as absent that nobody has said, or that isn't here. */
import type { AllergyIntolerance, Consent, Flag } from 'fhir/r4.js';
import { hasCode, isIsolation, isLimit, isLimitConsent, limitText, textOf } from '#shared/limits.ts';
import { disputedWords, isDisputed } from './disputed.ts';
import { sayInBokmal, type Say } from './phrases.ts';
import type { Allergy, Held, Known, Remark } from './contract.ts';

export type DangerRecords = {
  allergies: readonly AllergyIntolerance[];
  flags: readonly Flag[];
  consents: readonly Consent[];
};

/** SNOMED CT: no known allergy, and those of a kind. */
const noneKnownCodes: ReadonlySet<string> = new Set(['716186003', '409137002', '428607008', '429625007', '428197003']);

export function allergiesOf({ allergies }: DangerRecords, held: Held, say = sayInBokmal): Known<Allergy> {
  const inForce = allergies.filter(
    ({ clinicalStatus, verificationStatus }) =>
      !hasCode(verificationStatus, ['refuted', 'entered-in-error']) &&
      !hasCode(clinicalStatus, ['inactive', 'resolved']),
  );
  const denials = inForce.filter(({ code }) => hasCode(code, [...noneKnownCodes]));
  const items = inForce
    .filter((one) => !denials.includes(one))
    .map((one) => ({
      what: textOf(one.code) ?? say('uten navn'),
      reaction: (one.reaction ?? [])
        .flatMap(({ manifestation }) => manifestation.map((it) => textOf(it) ?? ''))
        .join(', '),
      isHigh: one.criticality === 'high' || one.reaction?.some(({ severity }) => severity === 'severe') === true,
      isConfirmed: hasCode(one.verificationStatus, ['confirmed']),
      isDisputed: isDisputed(one),
    }))
    .toSorted((a, b) => Number(b.isHigh) - Number(a.isHigh) || a.what.localeCompare(b.what, 'nb'));
  return known(items, held, denials.length > 0);
}

/** What is there; else whether somebody said that there is nothing. Of a record that isn't whole here, nobody can know. */
function known<T>(items: readonly T[], { isWhole }: Held, isDenied: boolean): Known<T> {
  if (!isWhole) return { items, state: 'notLoaded' };
  if (items.length > 0) return { items, state: 'recorded' };
  return { items, state: isDenied ? 'noneKnown' : 'notRecorded' };
}

/** Flags that are neither limits nor isolation: whatever else is flagged is critical. */
export function criticalOf({ flags }: DangerRecords, held: Held, say = sayInBokmal): Known<Remark> {
  return known(
    flags.filter((flag) => isActive(flag) && !isLimit(flag) && !isIsolation(flag)).map((flag) => remarkOf(flag, say)),
    held,
    false,
  );
}

/** Flags of an advance directive, advance directives, and refusals of treatment. */
export function limitsOf({ flags, consents }: DangerRecords, held: Held, say = sayInBokmal): Known<Remark> {
  const directives = consents
    .filter(isLimitConsent)
    .map((consent) => ({ text: limitText(consent), ...since(consent.dateTime) }));
  return known(
    [...flags.filter((flag) => isActive(flag) && isLimit(flag)).map((flag) => remarkOf(flag, say)), ...directives],
    held,
    false,
  );
}

export function isolationOf({ flags }: DangerRecords, held: Held, say = sayInBokmal): Known<Remark> {
  return known(
    flags.filter((flag) => isActive(flag) && isIsolation(flag)).map((flag) => remarkOf(flag, say)),
    held,
    false,
  );
}

const isActive = ({ status }: Flag): boolean => status === 'active';

function remarkOf(flag: Flag, say: Say): Remark {
  const { code, period, author } = flag;
  const by = author?.display;
  const text = [textOf(code) ?? say('uten tekst'), ...(isDisputed(flag) ? [say(disputedWords)] : [])].join(' – ');
  return { text, ...since(period?.start), ...(by === undefined ? {} : { by }) };
}

const since = (time: string | undefined): { since?: number } => (time === undefined ? {} : { since: Date.parse(time) });

export type Blocks = {
  /** Nobody, or nobody at this department, may read it but by breaking the glass. */
  isBlocked: boolean;
  hasBlocks: boolean;
};

/** What the patient has closed. On paper nobody breaks a glass, so what is closed to the ward is not printed. */
export function blocksOf(consents: readonly Consent[], department: string | undefined, now: number): Blocks {
  const closed = consents.filter(
    ({ status, scope, provision }) =>
      status === 'active' &&
      hasCode(scope, ['patient-privacy']) &&
      provision?.type === 'deny' &&
      isForCare(provision) &&
      Date.parse(provision.period?.start ?? '1970-01-01') <= now &&
      (provision.period?.end === undefined || Date.parse(provision.period.end) > now),
  );
  const isBlocked = closed.some(({ provision }) => {
    const actors = provision?.actor ?? [];
    // Parts of the record (`data`, `class`) are closed for everybody: what is on a sheet can't be told apart by document.
    if (provision?.data !== undefined) return false;
    return actors.length === 0 || actors.some(({ reference }) => reference.reference === department);
  });
  return { isBlocked, hasBlocks: closed.length > 0 };
}

const carePurposes: readonly (string | undefined)[] = ['TREAT', 'ETREAT', 'COC', 'BTG', 'CAREMGT'];

function isForCare({ purpose = [] }: NonNullable<Consent['provision']>): boolean {
  return purpose.length === 0 || purpose.some(({ code }) => carePurposes.includes(code));
}
