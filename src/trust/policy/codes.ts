/** The code systems and codes that the policy reads in the record, and those of Fyr's own where no standard has one. */

export const systems = {
  /** Sperring og nekting: what is withheld from the patient (NORN…), what the patient has had closed to personnel (NORS). */
  withholding: 'urn:oid:2.16.578.1.12.4.1.1.9603',
  /** Category of health personnel, and kind of approval, in Practitioner.qualification. */
  category: 'urn:oid:2.16.578.1.12.4.1.1.9060',
  approval: 'urn:oid:2.16.578.1.12.4.1.1.7704',
  consentScope: 'http://terminology.hl7.org/CodeSystem/consentscope',
  participation: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  familyRelation: 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation',
  parentalResponsibility: 'http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility',
  roleCode: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
  nextOfKin: 'http://terminology.hl7.org/CodeSystem/v2-0131',
  purpose: 'urn:oid:2.16.840.1.113883.1.11.20448',
  /** Kinds of Basic that trust writes and reads, and the mark of what citizens register. */
  trust: 'urn:fyr:code-system:trust',
  /** What a Consent decides, where its provision alone does not tell. */
  consentKind: 'urn:fyr:code-system:consent-kind',
  actReason: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
} as const;

/** Codes of `urn:fyr:code-system:trust`. */
export const trustCodes = {
  /** Basic: personnel attested a care relationship. */
  attestation: 'attestation',
  /** Basic: personnel broke the glass. */
  breakGlass: 'break-glass',
  /** Basic: the privacy officer has something to follow up. */
  case: 'case',
  /** meta.tag: the citizen registered it. */
  ownRegistration: 'own-registration',
} as const;

/** Codes of `urn:fyr:code-system:consent-kind`: what a Consent about privacy decides. */
export const consentKinds = {
  /** Everything that it names is closed; without an actor emergencies open it. A `deny` without a code means this. */
  block: 'block',
  /** Without a purpose: the patient wants no summary record at all. With one (research): not for that. */
  reservation: 'reservation',
  /** The patient agrees that personnel read the summary record. */
  summaryConsent: 'summary-consent',
  /** Another citizen acts for the patient. */
  powerOfAttorney: 'power-of-attorney',
  /** One with parental responsibility sees a child of 12 to 15. */
  youthGrant: 'youth-grant',
  /** Whoever has the code reads the summary until it ends. */
  summaryShare: 'summary-share',
} as const;

/** Critical information: what Flag.code may be of. */
export const criticalLists: readonly string[] = ['7517', '7518', '7519', '7522'].map(
  (list) => `urn:oid:2.16.578.1.12.4.1.1.${list}`,
);

const withheld = (code: string): string => `${systems.withholding}|${code}`;

/** Labels that keep a resource from the patient and from whoever acts for the patient (pasient- og brukerrettighetsloven § 5-1). */
export const withheldFromCitizens: readonly string[] = ['NORN_ALL', 'NORN_EPO', 'NORN_FFL', 'NORN_FOR', 'NORN_KUT'].map(
  withheld,
);
/** From whoever has parental responsibility only, or from the young only (Helsenorge's use of 9603). */
export const withheldFromParents: readonly string[] = [withheld('NORN_FORANS')];
export const withheldFromYoung: readonly string[] = [withheld('NORN_UNGDOM')];
/** Closed to personnel at the patient's wish; emergencies open it. */
export const closedToPersonnel: readonly string[] = [withheld('NORS')];

export const allWithholdingLabels: readonly string[] = [
  ...withheldFromCitizens,
  ...withheldFromParents,
  ...withheldFromYoung,
  ...closedToPersonnel,
];
