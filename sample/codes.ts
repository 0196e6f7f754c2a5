/** Code systems of the sample and the concepts made of them. A diagnosis code that Norway does not have stops the load of its table. */
import assert from 'node:assert';
import { ICD10, ICPC2 } from '@navikt/diagnosekoder';

export const codeSystems = {
  icd10: 'urn:oid:2.16.578.1.12.4.1.1.7110',
  icpc2: 'urn:oid:2.16.578.1.12.4.1.1.7170',
  laboratory: 'urn:oid:2.16.578.1.12.4.1.1.7280',
  procedure: 'urn:oid:2.16.578.1.12.4.1.1.7275',
  atc: 'http://www.whocc.no/atc',
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
  route: 'urn:oid:2.16.578.1.12.4.1.1.7477',
  specialistField: 'urn:oid:2.16.578.1.12.4.1.1.8451',
  diagnosticService: 'urn:oid:2.16.578.1.12.4.1.1.8654',
  healthArea: 'urn:oid:2.16.578.1.12.4.1.1.8655',
  careLevel: 'urn:oid:2.16.578.1.12.4.1.1.8406',
  contactKind: 'urn:oid:2.16.578.1.12.4.1.1.8432',
  municipalService: 'urn:oid:2.16.578.1.12.4.1.1.8663',
  personnelCategory: 'urn:oid:2.16.578.1.12.4.1.1.9060',
  authorisation: 'urn:oid:2.16.578.1.12.4.1.1.7704',
  speciality: 'urn:oid:2.16.578.1.12.4.1.1.7426',
  personnelRole: 'urn:oid:2.16.578.1.12.4.1.1.9034',
  organisationName: 'urn:oid:2.16.578.1.12.4.1.1.8624',
  organisationLevel: 'urn:oid:2.16.578.1.12.4.1.1.8628',
  messageFunction: 'urn:oid:2.16.578.1.12.4.1.1.8279',
  documentType: 'urn:oid:2.16.578.1.12.4.1.1.9602',
  municipality: 'urn:oid:2.16.578.1.12.4.1.1.3402',
  familyRelation: 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation',
} as const;

export type Concept = { coding: { system: string; code: string; display: string }[]; text?: string };

const icd10Texts: ReadonlyMap<string, string> = new Map(ICD10.map(({ code, text }) => [code, text]));
const icpc2Texts: ReadonlyMap<string, string> = new Map(ICPC2.map(({ code, text }) => [code, text]));

export function concept(system: string, code: string, display: string): Concept {
  return { coding: [{ system, code, display }] };
}

/** ICD-10 as the specialist service codes; without a dot, as Helsedirektoratet publishes the codes. */
export function icd10(code: string): Concept {
  const display = icd10Texts.get(code);
  assert(display, `ICD-10 has no code ${code}`);
  return { coding: [{ system: codeSystems.icd10, code, display }], text: display };
}

/** ICPC-2 as general practice codes. */
export function icpc2(code: string): Concept {
  const display = icpc2Texts.get(code);
  assert(display, `ICPC-2 has no code ${code}`);
  return { coding: [{ system: codeSystems.icpc2, code, display }], text: display };
}

/** HL7's own code systems at terminology.hl7.org. */
export function hl7(name: string, code: string, display: string): Concept {
  return concept(`http://terminology.hl7.org/CodeSystem/${name}`, code, display);
}
