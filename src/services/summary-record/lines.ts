/** One resource as a line that people read: what it is, its details, and when; in a language. Deterministic. */
import type { Resource } from '#fhir/types.ts';
import {
  conceptText,
  elementOf,
  elementsOf,
  referenceOf,
  statusCode,
  textOf,
  whenOf,
  type Element,
} from './elements.ts';
import { writeDate, writeNumber, writeQuantity, type Language } from './languages.ts';
import { isBeside, isDonorCard, isOwnRegistration } from './sections.ts';
import { criticalityLabels, interpretationWords, labels } from './words.ts';

export type Line = {
  what: string;
  details: string;
  when: string;
  /** The citizen registered it. */
  isOwn: boolean;
};

/** What a reference leads to, where it is at hand. */
export type Resolve = (reference: string) => Resource | undefined;

export function lineOf(resource: Resource, language: Language, resolve: Resolve = () => undefined): Line {
  const own = (detailsOf[resource.resourceType] ?? noDetails)(resource, language, resolve);
  const details = isBeside(resource) ? [labels.beside[language], ...own] : own;
  return {
    what: whatOf(resource, language, resolve),
    details: details.filter((one): one is string => one !== undefined && one !== '').join('; '),
    when: spanOf(resource, language),
    isOwn: isOwnRegistration(resource),
  };
}

function whatOf(resource: Resource, language: Language, resolve: Resolve): string {
  switch (resource.resourceType) {
    case 'MedicationStatement':
    case 'MedicationRequest':
      return (
        conceptText(resource['medicationCodeableConcept']) ?? namedBy(resource['medicationReference'], resolve) ?? '–'
      );
    case 'Immunization':
      return conceptText(resource['vaccineCode']) ?? '–';
    case 'DeviceUseStatement':
      return namedBy(resource['device'], resolve) ?? '–';
    case 'CarePlan':
      return textOf(resource['title']) ?? textOf(resource['description']) ?? conceptText(resource['category']) ?? '–';
    case 'Consent':
      if (isDonorCard(resource)) return labels.donorCard[language];
      return conceptText(resource['category']) ?? conceptText(resource['scope']) ?? '–';
    case 'ClinicalImpression':
      return textOf(resource['summary']) ?? conceptText(resource['code']) ?? '–';
    default:
      return conceptText(resource['code']) ?? resource.resourceType;
  }
}

/** The display of a reference, or the name of what it leads to. */
function namedBy(reference: unknown, resolve: Resolve): string | undefined {
  const display = textOf(elementOf(reference)['display']);
  if (display !== undefined) return display;
  const target = resolve(referenceOf(reference) ?? '');
  if (target === undefined) return undefined;
  return (
    conceptText(target['code']) ?? textOf(elementsOf(target['deviceName'])[0]?.['name']) ?? conceptText(target['type'])
  );
}

type Details = (resource: Resource, language: Language, resolve: Resolve) => (string | undefined)[];

const noDetails: Details = () => [];

const detailsOf: Readonly<Record<string, Details>> = {
  AllergyIntolerance: allergyDetails,
  MedicationStatement: medicationDetails,
  MedicationRequest: medicationDetails,
  Condition: (resource, language) => [
    conceptText(resource['severity']),
    ...certainty(resource, language),
    noteOf(resource),
  ],
  Flag: (resource, language) => [textOf(elementOf(resource['author'])['display']), endOf(resource, language)],
  Immunization: (resource) => [doseOf(resource), placeOf(resource)],
  Procedure: (resource) => [conceptText(resource['bodySite']), conceptText(resource['outcome'])],
  DeviceUseStatement: (resource) => [conceptText(resource['bodySite'])],
  Observation: observationDetails,
  DiagnosticReport: (resource) => [textOf(resource['conclusion'])],
  CarePlan: (resource) =>
    elementsOf(resource['activity']).map(({ detail }) => textOf(elementOf(detail)['description'])),
  Consent: consentDetails,
};

function allergyDetails(resource: Resource, language: Language): (string | undefined)[] {
  const reactions = elementsOf(resource['reaction']).flatMap(({ manifestation }) =>
    elementsOf(manifestation).flatMap((one) => conceptText(one) ?? []),
  );
  return [
    reactions.length === 0 ? undefined : `${labels.reaction[language]}: ${reactions.join(', ')}`,
    criticalityLabels[textOf(resource['criticality']) ?? '']?.[language],
    ...certainty(resource, language),
    noteOf(resource),
  ];
}

const certaintyLabels: Readonly<Record<string, keyof typeof labels>> = {
  confirmed: 'confirmed',
  presumed: 'probable',
  provisional: 'probable',
  differential: 'suspected',
  unconfirmed: 'suspected',
  refuted: 'refuted',
};

function certainty(resource: Resource, language: Language): (string | undefined)[] {
  const label = certaintyLabels[statusCode(resource['verificationStatus']) ?? ''];
  return [label && labels[label][language]];
}

const noteOf = (resource: Resource): string | undefined => textOf(elementsOf(resource['note'])[0]?.['text']);

function medicationDetails(resource: Resource, language: Language): (string | undefined)[] {
  const dosages = elementsOf(resource['dosage'] ?? resource['dosageInstruction']);
  return [
    ...dosages.map((dosage) => dosageText(dosage, language)),
    resource['status'] === 'on-hold' ? labels.onHold[language] : undefined,
    conceptText(resource['reasonCode']),
  ];
}

/** The text where somebody wrote one, else the dose by its parts. */
function dosageText(dosage: Element, language: Language): string | undefined {
  const text = textOf(dosage['text']);
  if (text !== undefined) return text;
  const dose = elementsOf(dosage['doseAndRate']).flatMap(
    ({ doseQuantity }) => writeQuantity(language, doseQuantity) ?? [],
  );
  const repeat = elementOf(elementOf(dosage['timing'])['repeat']);
  const { frequency, period, periodUnit } = repeat;
  const rhythm =
    frequency === undefined || period === undefined
      ? undefined
      : `${writeNumber(language, frequency)} × / ${writeNumber(language, period)} ${textOf(periodUnit) ?? ''}`.trim();
  return [...dose, rhythm, conceptText(dosage['route'])].filter((one) => one !== undefined).join(', ') || undefined;
}

function doseOf(resource: Resource): string | undefined {
  const [applied] = elementsOf(resource['protocolApplied']);
  const number = applied?.['doseNumberPositiveInt'] ?? applied?.['doseNumberString'];
  return number === undefined ? undefined : `${String(number)}.`;
}

const placeOf = (resource: Resource): string | undefined =>
  textOf(elementOf(elementOf(elementsOf(resource['performer'])[0])['actor'])['display']);

function observationDetails(resource: Resource, language: Language): (string | undefined)[] {
  const parts = elementsOf(resource['component']).flatMap((part) => {
    const value = valueOf(part, language);
    return value === undefined ? [] : [`${conceptText(part['code']) ?? ''} ${value}`.trim()];
  });
  const code = statusCode(resource['interpretation']);
  return [
    valueOf(resource, language),
    ...parts,
    interpretationWords[code ?? '']?.[language],
    rangeOf(resource, language),
  ];
}

function valueOf(element: Element, language: Language): string | undefined {
  const quantity = writeQuantity(language, element['valueQuantity']);
  if (quantity !== undefined) return quantity;
  const concept = conceptText(element['valueCodeableConcept']);
  if (concept !== undefined) return concept;
  if (typeof element['valueBoolean'] === 'boolean') return labels[element['valueBoolean'] ? 'yes' : 'no'][language];
  if (element['valueInteger'] !== undefined) return writeNumber(language, element['valueInteger']);
  const date = textOf(element['valueDateTime']);
  if (date !== undefined) return writeDate(language, date);
  return textOf(element['valueString']) ?? ratioOf(element['valueRatio'], language);
}

function ratioOf(ratio: unknown, language: Language): string | undefined {
  const { numerator, denominator } = elementOf(ratio);
  const [above, below] = [writeQuantity(language, numerator), writeQuantity(language, denominator)];
  return above === undefined || below === undefined ? undefined : `${above} / ${below}`;
}

function rangeOf(resource: Resource, language: Language): string | undefined {
  const [range] = elementsOf(resource['referenceRange']);
  if (range === undefined) return undefined;
  const low = elementOf(range['low'])['value'];
  const high = elementOf(range['high'])['value'];
  const shown =
    low !== undefined && high !== undefined
      ? `${writeNumber(language, low)}–${writeNumber(language, high)}`
      : low !== undefined
        ? `≥ ${writeNumber(language, low)}`
        : high !== undefined
          ? `≤ ${writeNumber(language, high)}`
          : textOf(range['text']);
  return shown === undefined ? undefined : `${labels.reference[language]} ${shown}`;
}

function consentDetails(resource: Resource, language: Language): (string | undefined)[] {
  const provision = elementOf(resource['provision']);
  const answer = provision['type'] === 'deny' ? 'no' : provision['type'] === 'permit' ? 'yes' : undefined;
  const codes = elementsOf(provision['code']).flatMap((one) => conceptText(one) ?? []);
  return [
    isDonorCard(resource) && answer !== undefined ? labels[answer][language] : undefined,
    ...codes,
    textOf(elementOf(resource['policyRule'])['text']),
  ];
}

function endOf(resource: Resource, language: Language): string | undefined {
  const end = textOf(elementOf(resource['period'])['end']);
  return end === undefined ? undefined : `${labels.until[language]} ${writeDate(language, end)}`;
}

/** A day, or from and to. */
function spanOf(resource: Resource, language: Language): string {
  const begin = whenOf(resource);
  if (begin === undefined) return '';
  const written = writeDate(language, begin);
  const lasts = ['MedicationStatement', 'Condition', 'Flag', 'CarePlan'].includes(resource.resourceType);
  const end = textOf(resource['abatementDateTime']) ?? textOf(elementOf(resource['effectivePeriod'])['end']);
  if (end !== undefined && lasts) return `${written} – ${writeDate(language, end)}`;
  return lasts ? `${labels.since[language]} ${written}` : written;
}
