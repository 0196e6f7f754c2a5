/** The identifier systems of the Norwegian sector, as FHIR writes them (HL7 Norway no-basis NamingSystems; HIS 1169). */
export const identifierSystems = {
  /** Fødselsnummer, issued by the National Population Register. */
  nationalNumber: 'urn:oid:2.16.578.1.12.4.1.4.1',
  /** D-number, for persons who are registered but not resident. */
  dNumber: 'urn:oid:2.16.578.1.12.4.1.4.2',
  /** Felles hjelpenummer: the common aid number, while the identity is unknown. */
  commonAidNumber: 'urn:oid:2.16.578.1.12.4.1.4.3',
  /** The number of authorised personnel in Helsepersonellregisteret. */
  personnelNumber: 'urn:oid:2.16.578.1.12.4.1.4.4',
  /** Directorate of Immigration's number. */
  immigrationNumber: 'urn:oid:2.16.578.1.12.4.1.4.5',
  /** Organisation number of the Brønnøysund registers. */
  organisationNumber: 'urn:oid:2.16.578.1.12.4.1.4.101',
  /** RESH: units of the specialist service. */
  specialistUnit: 'urn:oid:2.16.578.1.12.4.1.4.102',
  /** HER-id: a communication party of the address register. */
  communicationParty: 'urn:oid:2.16.578.1.12.4.1.2',
} as const;
