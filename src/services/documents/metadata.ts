/** A DocumentReference with the national metadata (HIS 1169, on IHE MHD's Comprehensive Metadata). Pure. */
import { createHash } from 'node:crypto';
import type { Resource } from '#fhir/index.ts';
import { Fault } from '#kernel/fault.ts';
import { codeSystems, confidentialityCodes, documentTypes, formatCodes, groupOf, sha256Extension } from './codes.ts';
import type { TypeBy, UploadMetadata } from './contract.ts';
import { mediaTypes, type DocumentKind } from './reading/kinds.ts';

export type Described = {
  id: string;
  metadata: UploadMetadata;
  kind: DocumentKind;
  bytes: Uint8Array;
  sha256: string;
  uniqueId: string;
  formatCode: string | undefined;
  type: string | undefined;
  typeBy: TypeBy;
  title: string;
  language: string | undefined;
  author: object | undefined;
  custodian: object | undefined;
  /** ISO 8601. */
  now: string;
};

const systems = {
  facilityType: 'urn:oid:2.16.578.1.12.4.1.1.1303',
  practiceSetting: 'urn:oid:2.16.578.1.12.4.1.1.8451',
};

/** Faults: unprocessable, for codes that are none. */
export function documentReference(of: Described): Resource {
  const { id, metadata, kind, bytes, type, now } = of;
  const { patient, encounter, replaces, facilityType, practiceSetting } = metadata;
  const label = labelOf(metadata.confidentiality ?? 'N');
  const identifier = { system: 'urn:ietf:rfc:3986', value: of.uniqueId };
  const context = {
    ...(encounter === undefined ? {} : { encounter: [{ reference: `Encounter/${encounter}` }] }),
    ...(facilityType === undefined
      ? {}
      : { facilityType: { coding: [{ system: systems.facilityType, code: facilityType }] } }),
    ...(practiceSetting === undefined
      ? {}
      : { practiceSetting: { coding: [{ system: systems.practiceSetting, code: practiceSetting }] } }),
    sourcePatientInfo: { reference: `Patient/${patient}` },
  };
  return {
    resourceType: 'DocumentReference',
    id,
    meta: {
      ...(label.code === 'N' ? {} : { security: [label] }),
      tag: [{ system: codeSystems.typeBy, code: of.typeBy }],
    },
    masterIdentifier: identifier,
    identifier: [identifier],
    status: 'current',
    docStatus: 'final',
    ...(type === undefined ? {} : { type: typeConcept(type), category: [typeConcept(groupOf(type))] }),
    subject: { reference: `Patient/${patient}` },
    date: now,
    ...(of.author === undefined ? {} : { author: [of.author] }),
    ...(of.custodian === undefined ? {} : { custodian: of.custodian }),
    ...(replaces === undefined
      ? {}
      : { relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${replaces}` } }] }),
    description: of.title,
    securityLabel: [{ coding: [label] }],
    content: [
      {
        attachment: {
          extension: [{ url: sha256Extension, valueString: of.sha256 }],
          contentType: mediaTypes[kind],
          ...(of.language === undefined ? {} : { language: of.language }),
          url: contentUrl(id),
          size: bytes.length,
          hash: sha1Of(bytes),
          title: of.title,
          creation: metadata.date ?? now,
        },
        format: { system: codeSystems.format, code: of.formatCode ?? formatOf(kind) },
      },
    ],
    context,
  } as Resource;
}

/** Below the origin of whatever node it is asked at. */
export const contentUrl = (id: string): string => `/api/documents/${id}/content`;

/** SHA-1 in Base64 (R4 Attachment.hash). */
export const sha1Of = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('base64');

function labelOf(code: string): { system: string; code: string; display: string } {
  const display = confidentialityCodes[code];
  if (display === undefined) throw new Fault('unprocessable', `"${code.slice(0, 20)}" is no code of 9603.`);
  return { system: codeSystems.confidentiality, code, display };
}

/** Faults: unprocessable. */
export function typeConcept(code: string): { coding: { system: string; code: string; display: string }[] } {
  const display = documentTypes[code];
  if (display === undefined) throw new Fault('unprocessable', `"${code.slice(0, 20)}" is no document type of 9602.`);
  return { coding: [{ system: codeSystems.documentType, code, display }] };
}

export function formatOf(kind: DocumentKind): string {
  if (kind === 'jpeg' || kind === 'png' || kind === 'tiff') return formatCodes.image;
  return kind === 'pdf' ? formatCodes.pdf : formatCodes.text;
}
