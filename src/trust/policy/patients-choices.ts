/** What the patient has decided, and who may act for the patient: Consent and RelatedPerson as the policy reads them. Pure. */
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { consentKinds, systems } from './codes.ts';
import { identifiersOf, type Directory } from './directory.ts';
import {
  codesOf,
  dayMs,
  elementOf,
  elementsOf,
  firstInstant,
  isCoded,
  referenceOf,
  spanOf,
  textOf,
  type Element,
} from './elements.ts';
import type { Block, ParentalGrant, Representative } from './facts.ts';
import type { Span } from './elements.ts';

export type Choices = {
  blocks: Block[];
  reservations: Span[];
  summaryConsents: (Span & { actors: readonly string[] })[];
  representatives: { key: string; representative: Representative }[];
  parentalGrants: ParentalGrant[];
  /** The keys of each RelatedPerson that is one still: a Consent may name them so. */
  keysOfRelated: Map<string, readonly string[]>;
};

/** Adds what a Consent says. One that is not active, or not about privacy, says nothing. */
export function addConsent(choices: Choices, consent: Resource, directory: Directory): void {
  if (consent['status'] !== 'active' || !isCoded(consent['scope'], systems.consentScope, 'patient-privacy')) return;
  const provision = elementOf(consent['provision']);
  const [kind] = codesOf(consent['category'], systems.consentKind);
  const source = `Consent/${consent.id ?? ''}`;
  const span = spanOf(provision['period']);
  const actors = actorsOf(provision, directory);
  const types = typesOf(provision);
  if (provision['type'] === 'deny') {
    const isOfCare = concernsCare(provision);
    if (kind === consentKinds.reservation && provision['purpose'] === undefined) choices.reservations.push(span);
    else if (isOfCare) choices.blocks.push(...blocksOf(provision, { ...span, source, actors, types }, directory));
  } else if (kind === consentKinds.powerOfAttorney) {
    const mayWrite = isCoded(provision['action'], 'http://terminology.hl7.org/CodeSystem/consentaction', 'correct');
    for (const key of actors) {
      const about = { kind: 'power-of-attorney', isResponsible: true, rank: 0 } as const;
      choices.representatives.push({
        key,
        representative: { ...span, ...about, source, mayWrite, types: types.length > 0 ? types : undefined },
      });
    }
  } else if (kind === consentKinds.youthGrant) {
    if (actors.length === 0) choices.parentalGrants.push({ ...span, source, to: undefined });
    for (const to of actors) choices.parentalGrants.push({ ...span, source, to });
  } else if (kind === consentKinds.summaryConsent) choices.summaryConsents.push({ ...span, actors });
}

/** A refusal for other purposes (research, insurance) is none of those who give care. */
function concernsCare({ purpose }: Element): boolean {
  const codes = elementsOf(purpose).flatMap(({ code }) => textOf(code) ?? []);
  return codes.length === 0 || codes.some((code) => carePurposes.includes(code));
}

const carePurposes: readonly string[] = ['TREAT', 'ETREAT', 'COC', 'BTG', 'CAREMGT'];

/** A block whose actors can't be told by reference binds nobody that it names, so it counts as a restriction: closed rather than open. */
function blocksOf(provision: Element, about: Omit<Block, 'besides' | 'resources'>, directory: Directory): Block[] {
  const besides = elementsOf(provision['provision'])
    .filter(({ type }) => type === 'permit')
    .flatMap((inner) => actorsOf(inner, directory));
  const resources = elementsOf(provision['data']).flatMap(({ reference }) => referenceOf(reference) ?? []);
  return [{ ...about, besides, resources }];
}

/** Those named, a role also as the person whose role it is. */
function actorsOf(provision: Element, directory: Directory): string[] {
  return elementsOf(provision['actor']).flatMap(({ reference }) => {
    const named = referenceOf(reference);
    if (named === undefined) return [];
    const person = named.startsWith('PractitionerRole/') ? directory.practitionerOf(named) : undefined;
    return person === undefined ? [named] : [named, person];
  });
}

function typesOf(provision: Element): string[] {
  return elementsOf(provision['class']).flatMap(({ code }) => textOf(code) ?? []);
}

const parentRoles: readonly string[] = ['mor', 'far', 'medmor'];
const partnerRole = 'ektefelleEllerPartner';
const ofAgeYears = 18;

/** Adds what a RelatedPerson may do: as parent or guardian while the patient lives, as kin afterwards. */
export function addRelatedPerson(choices: Choices, related: Resource): void {
  if (related['active'] === false) return;
  const keys = [identifierSystems.nationalNumber, identifierSystems.dNumber].flatMap((system) =>
    identifiersOf(related, system).map((value) => `number:${value}`),
  );
  const source = `RelatedPerson/${related.id ?? ''}`;
  choices.keysOfRelated.set(source, keys);
  const span = spanOf(related['period']);
  const base = { ...span, source, types: undefined, rank: 0 };
  const add = (representative: Representative): void => {
    for (const key of keys) choices.representatives.push({ key, representative });
  };
  const relationship = related['relationship'];
  const family = codesOf(relationship, systems.familyRelation);
  const parent = family.find((role) => parentRoles.includes(role));
  if (parent !== undefined) {
    const responsibility = codesOf(relationship, systems.parentalResponsibility);
    const isResponsible = responsibility.includes('felles') || responsibility.includes(parent);
    add({ ...base, kind: 'parent', isResponsible, mayWrite: true });
  }
  if (isCoded(relationship, systems.roleCode, 'GUARD')) {
    add({ ...base, kind: 'guardian', isResponsible: isOfPersonalAffairs(relationship), mayWrite: true });
  }
  const rank = rankOf(relationship, family);
  if (rank === undefined) return;
  const from = Math.max(span.from, isGrownOnly(family) ? grownAt(related['birthDate']) : -Infinity);
  add({ ...base, from, kind: 'kin', isResponsible: true, mayWrite: false, rank });
}

/** What a guardian has charge of stands as text; only what says personal affairs opens a record (vergemålsloven § 21). */
function isOfPersonalAffairs(relationship: unknown): boolean {
  return elementsOf(relationship).some(
    (one) =>
      isCoded(one, systems.roleCode, 'GUARD') && /personlig|helse|personal|health/i.test(textOf(one['text']) ?? ''),
  );
}

/** The order of pasient- og brukerrettighetsloven § 1-3 b: whom the patient named, spouse, grown children, parents, grown siblings. */
function rankOf(relationship: unknown, family: readonly string[]): number | undefined {
  if (isCoded(relationship, systems.nextOfKin, 'N')) return 0;
  const ranks = family.flatMap((role) => {
    if (role === partnerRole) return [1];
    if (role === 'barn') return [2];
    if (parentRoles.includes(role)) return [3];
    return role === 'søsken' ? [4] : [];
  });
  return ranks.length === 0 ? undefined : Math.min(...ranks);
}

const isGrownOnly = (family: readonly string[]): boolean => family.includes('barn') || family.includes('søsken');

/** The eighteenth birthday; never where the birth date is not known. */
function grownAt(birthDate: unknown): number {
  const born = textOf(birthDate);
  if (born === undefined || !/^\d{4}-\d\d-\d\d$/.test(born)) return Infinity;
  const date = `${Number(born.slice(0, 4)) + ofAgeYears}${born.slice(4)}`;
  const at = firstInstant(date);
  // 29 February in a year that has none: the day after.
  return at === Infinity ? firstInstant(`${date.slice(0, 8)}28`) + dayMs : at;
}

/** `Type/id` of what a Consent closes by name. */
export function closedByName(consent: Resource): string[] {
  if (consent.resourceType !== 'Consent') return [];
  return elementsOf(elementOf(consent['provision'])['data']).flatMap(({ reference }) => referenceOf(reference) ?? []);
}
