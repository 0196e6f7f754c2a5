/** A DocumentReference as pages see it. Pure. */
import type { Resource } from '#fhir/index.ts';
import { codeSystems, documentTypes, reasonExtension } from './codes.ts';
import type { DocumentStatus, DocumentView, TypeBy } from './contract.ts';
import { attachmentOf, codingOf, elementOf, elementsOf, extensionOf, idOf, textOf } from './elements.ts';
import { kindOfMediaType } from './reading/kinds.ts';

export function viewOf(document: Resource): DocumentView {
  const attachment = attachmentOf(document);
  const type = codingOf(document['type'], codeSystems.documentType);
  const contentType = textOf(attachment['contentType']) ?? 'application/octet-stream';
  const replaced = elementsOf(document['relatesTo']).find(({ code }) => code === 'replaces');
  const context = elementOf(document['context']);
  return withoutUndefined({
    id: document.id ?? '',
    version: textOf(document.meta?.versionId) ?? '',
    patient: idOf(document['subject'], 'Patient') ?? '',
    title: textOf(document['description']) ?? textOf(attachment['title']) ?? type?.display ?? '–',
    type: type && { code: type.code, display: type.display ?? documentTypes[type.code] ?? type.code },
    typeBy: typeByOf(document, type !== undefined),
    confidentiality: codingOf(document['securityLabel'], codeSystems.confidentiality)?.code ?? labelOf(document) ?? 'N',
    status: (textOf(document['status']) ?? 'current') as DocumentStatus,
    date: textOf(attachment['creation']) ?? textOf(document['date']) ?? '',
    author: elementsOf(document['author']).flatMap((one) => textOf(one['display']) ?? textOf(one['reference']) ?? []),
    facilityType: firstCode(context['facilityType']),
    practiceSetting: firstCode(context['practiceSetting']),
    contentType,
    kind: kindOfMediaType(contentType),
    size: typeof attachment['size'] === 'object' ? Number(String(attachment['size'])) : numberOf(attachment['size']),
    hash: textOf(attachment['hash']),
    uniqueId: textOf(elementOf(document['masterIdentifier'])['value']),
    language: textOf(attachment['language']),
    replaces: idOf(replaced?.['target'], 'DocumentReference'),
    reason: extensionOf(document, reasonExtension),
  });
}

function typeByOf(document: Resource, hasType: boolean): TypeBy {
  const tag = elementsOf(document.meta?.tag).find(({ system }) => system === codeSystems.typeBy);
  return (textOf(tag?.['code']) ?? (hasType ? 'given' : 'undecided')) as TypeBy;
}

function labelOf(document: Resource): string | undefined {
  const security = elementsOf(elementOf(document.meta)['security']);
  return textOf(security.find(({ system }) => system === codeSystems.confidentiality)?.['code']);
}

const firstCode = (concept: unknown): string | undefined =>
  textOf(elementsOf(elementOf(concept)['coding'])[0]?.['display']) ??
  textOf(elementsOf(elementOf(concept)['coding'])[0]?.['code']);

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

type Optional<T> = { [name in keyof T]: T[name] | undefined };

function withoutUndefined(view: Optional<DocumentView>): DocumentView {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined)) as DocumentView;
}
