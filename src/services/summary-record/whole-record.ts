/** All of a patient's record that the caller may see, as a document that people read: a section a kind, newest first. */
import { findCompartment } from '#fhir/operations/compartment-store.ts';
import { parseJson } from '#fhir/json/index.ts';
import { patientBucket } from '#fhir/record/bucket.ts';
import { readMany } from '#fhir/record/reading.ts';
import type { RequestContext } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';
import type { LineView, SummaryView } from './contract.ts';
import { conceptText, elementOf, elementsOf, nameOf, newestFirst, textOf, whenOf } from './elements.ts';
import { writeDate, type Language } from './languages.ts';
import { lineOf } from './lines.ts';
import { readPatient, type SummaryReading } from './read-summary.ts';
import { summaryOf } from './summary.ts';
import { viewOf } from './view.ts';
import { wholeTitle, wholeTitles } from './whole-words.ts';

type Reading = SummaryReading & Pick<RequestContext, 'db'>;

/** Faults: notFound and gone where there is no such patient for the caller, forbidden where the grant says so. */
export async function readWholeView(context: Reading, patientId: string, language: Language): Promise<SummaryView> {
  const patient = await readPatient(context, patientId);
  const all = await readAll(context, patientId);
  const texts = await readTexts(context, patientId, all);
  const head = viewOf(summaryOf(patient, { resources: all, sections: [] }, new Map(), context.clock.now()), language);
  const sections = Object.entries(wholeTitles).flatMap(([type, title]) => {
    const found = newestFirst(all.filter(({ resourceType }) => resourceType === type));
    if (found.length === 0) return [];
    const lines = found.map((one) => wholeLine(one, language, texts));
    return [{ key: type, title: title[language], state: 'known' as const, text: undefined, lines, more: 0 }];
  });
  return { ...head, title: wholeTitle[language], sections, visits: [] };
}

const pageMax = 2000;

async function readAll({ db, search, grant }: Reading, patient: string): Promise<Resource[]> {
  const types = [...Object.keys(wholeTitles), 'RelatedPerson', 'Consent'];
  const reach = await grant.reach({ by: 'search', patient, isNamed: true, types });
  const page = { bucket: patientBucket(patient), token: search.compartmentToken(patient), types, limit: pageMax };
  const all: Resource[] = [];
  let after: { type: string; id: string } | undefined;
  do {
    const rows = await findCompartment(db, { ...page, ...(after === undefined ? {} : { after }) });
    const within = rows.filter((row) => search.reaches(reach, row, row.content));
    grant.saw(within);
    for (const { content } of within) all.push(parseJson(content.toString()) as Resource);
    after = rows.length < pageMax ? undefined : rows.at(-1);
  } while (after !== undefined);
  return all;
}

const isText = (type: unknown): boolean => textOf(type)?.startsWith('text/plain') === true;

/** What documents say, by their `Type/id`, where it is text. */
async function readTexts(context: Reading, patient: string, all: readonly Resource[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const byBinary = new Map<string, string>();
  for (const one of all) {
    const attachment = elementOf(elementsOf(one['content'])[0]?.['attachment']);
    const [data, url] = [textOf(attachment['data']), textOf(attachment['url'])];
    if (!isText(attachment['contentType'])) continue;
    if (data !== undefined) texts.set(nameOf(one), decoded(data));
    else if (url !== undefined && /^Binary\/[A-Za-z0-9.-]{1,64}$/.test(url)) byBinary.set(url, nameOf(one));
  }
  const keys = [...byBinary.keys()].map((name) => ({ type: 'Binary', id: name.slice('Binary/'.length) }));
  for (const { content } of await readMany(context, keys, patient)) {
    const binary = content === null ? undefined : (parseJson(content) as Resource);
    const document = binary && byBinary.get(nameOf(binary));
    if (document !== undefined) texts.set(document, decoded(textOf(binary?.['data']) ?? ''));
  }
  return texts;
}

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8').replace(/\r\n?/g, '\n');

function wholeLine(resource: Resource, language: Language, texts: ReadonlyMap<string, string>): LineView {
  const line = lineOf(resource, language);
  const at = whenOf(resource) ?? textOf(resource['start']);
  return {
    reference: nameOf(resource),
    what: whatOf(resource) ?? line.what,
    details: [line.details, ...moreOf(resource), texts.get(nameOf(resource))].filter(Boolean).join('; '),
    when: line.when === '' && at !== undefined ? writeDate(language, at) : line.when,
    isOwn: line.isOwn,
  };
}

function whatOf(resource: Resource): string | undefined {
  switch (resource.resourceType) {
    case 'Appointment':
      return (
        textOf(resource['description']) ??
        conceptText(resource['appointmentType']) ??
        conceptText(resource['serviceType'])
      );
    case 'DocumentReference':
      return textOf(resource['description']) ?? conceptText(resource['type']);
    case 'Encounter':
      return (
        conceptText(resource['serviceType']) ??
        conceptText(resource['type']) ??
        textOf(elementOf(resource['class'])['display'])
      );
    case 'MedicationAdministration':
    case 'MedicationDispense':
      return (
        conceptText(resource['medicationCodeableConcept']) ??
        textOf(elementOf(resource['medicationReference'])['display'])
      );
    default:
      return undefined;
  }
}

/** Why, and by whom. */
function moreOf(resource: Resource): (string | undefined)[] {
  const named = (value: unknown): string | undefined => textOf(elementOf(elementsOf(value)[0])['display']);
  const actor = elementsOf(resource['performer'] ?? resource['participant'])
    .flatMap((one) => named(one['actor']) ?? named(one['individual']) ?? textOf(one['display']) ?? [])
    .at(-1);
  return [
    resource.resourceType === 'Condition' ? undefined : conceptText(resource['reasonCode']),
    actor ?? named(resource['author']) ?? named(resource['requester']) ?? named(resource['recorder']),
    named(resource['serviceProvider']) ?? named(resource['custodian']),
  ];
}
