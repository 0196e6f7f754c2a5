/** A summary as pages show it, in a language. Pure. */
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifier-systems.ts';
import type { CriticalView, LineView, SummaryView } from './contract.ts';
import { criticalCategories, type CriticalItem } from './critical.ts';
import { personName } from './document.ts';
import { conceptText, elementOf, elementsOf, nameOf, textOf, whenOf } from './elements.ts';
import { writeDate, type Language } from './languages.ts';
import { lineOf } from './lines.ts';
import { emptyText } from './narrative.ts';
import type { Summary } from './summary.ts';
import { criticalTitles, documentTitle, sectionTitles } from './words.ts';

export function viewOf(summary: Summary, language: Language): SummaryView {
  const { patient, sections, critical, conflicts, contacts, visits, donorCard, madeAt, resolve } = summary;
  const line = (resource: Resource): LineView => ({
    reference: nameOf(resource),
    ...lineOf(resource, language, resolve),
  });
  return {
    language,
    madeAt: new Date(madeAt).toISOString(),
    title: documentTitle[language],
    patient: patientView(patient),
    critical: criticalCategories.flatMap((category) => {
      const items = critical.filter((one) => one.category === category);
      if (items.length === 0) return [];
      return [
        { category, title: criticalTitles[category][language], items: items.map((one) => criticalView(one, language)) },
      ];
    }),
    sections: sections.map((section) => ({
      key: section.key,
      title: sectionTitles[section.key][language],
      state: section.state,
      text: section.entries.length === 0 ? emptyText(section, language) : undefined,
      lines: section.entries.map(line),
      more: section.more,
    })),
    conflicts: conflicts.map(({ resources }) => ({
      about: conceptText(resources[0]?.['code'] ?? resources[0]?.['medicationCodeableConcept']) ?? '–',
      references: resources.map(nameOf),
    })),
    contacts: contacts.map(contactView),
    visits: visits.map((visit) => visitView(visit, language)),
    donorCard: donorCard && line(donorCard),
  };
}

const numberSystems: readonly unknown[] = [identifierSystems.nationalNumber, identifierSystems.dNumber];

/** The national number, else the D-number. */
export function numberOf(person: Resource): string | undefined {
  const found = elementsOf(person['identifier']).find(({ system }) => numberSystems.includes(system));
  return textOf(found?.['value']);
}

function patientView(patient: Resource): SummaryView['patient'] {
  return {
    id: patient.id ?? '',
    name: personName(patient),
    birthDate: textOf(patient['birthDate']),
    number: numberOf(patient),
    deceased: patient['deceasedBoolean'] === true || textOf(patient['deceasedDateTime']) !== undefined,
  };
}

function criticalView(item: CriticalItem, language: Language): CriticalView {
  const { text, code, certainty, severity, source, verification, isActive, resource } = item;
  const since = whenOf(resource);
  const { details, isOwn } = lineOf(resource, language);
  const values = { text, code, certainty, severity, source, verification, isActive };
  return { ...values, reference: nameOf(resource), since: since && writeDate(language, since), details, isOwn };
}

function contactView(contact: Resource): SummaryView['contacts'][number] {
  const relations = elementsOf(contact['relationship']).flatMap((one) => conceptText(one) ?? []);
  const phone = elementsOf(contact['telecom']).find(({ system }) => system === 'phone' || system === 'sms');
  return {
    reference: nameOf(contact),
    name: personName(contact),
    relation: relations.join(', '),
    phone: textOf(phone?.['value']),
  };
}

function visitView(visit: Resource, language: Language): LineView {
  const place = elementsOf(visit['location']).flatMap(({ location }) => textOf(elementOf(location)['display']) ?? []);
  const provider = textOf(elementOf(visit['serviceProvider'])['display']);
  const when = whenOf(visit);
  return {
    reference: nameOf(visit),
    what:
      conceptText(visit['serviceType']) ??
      conceptText(visit['type']) ??
      textOf(elementOf(visit['class'])['display']) ??
      '–',
    details: [conceptText(visit['reasonCode']), place[0] ?? provider].filter((one) => one !== undefined).join('; '),
    when: when === undefined ? '' : writeDate(language, when),
    isOwn: false,
  };
}
