/** The systems and extensions that the registers write and read: Volven lists by their number, no-basis, and Fyr's own. */

export const volven = (list: string): string => `urn:oid:2.16.578.1.12.4.1.1.${list}`;

/** Volven lists that the registers speak of, with what they are for. */
export const registerLists: readonly { list: string; name: string }[] = [
  { list: '3402', name: 'Kommunenummer' },
  { list: '3403', name: 'Bydelsnummer' },
  { list: '7426', name: 'Spesialiteter i HPR' },
  { list: '7704', name: 'Godkjenningstype HPR' },
  { list: '8279', name: 'Meldingens funksjon' },
  { list: '8451', name: 'Fagområde' },
  { list: '8624', name: 'Organisatorisk betegnelse' },
  { list: '8628', name: 'Organisatorisk nivå' },
  { list: '8654', name: 'Klinisk/medisinsk service' },
  { list: '8655', name: 'Helsehjelpsområde' },
  { list: '8660', name: 'Tjenestetyper, diagnostikk' },
  { list: '8663', name: 'Tjenestetyper for kommunal helse- og omsorgstjeneste' },
  { list: '8664', name: 'Tjenestetyper for apotek og bandasjister' },
  { list: '8666', name: 'Felles tjenestetyper' },
  { list: '8668', name: 'Tjenestetyper for spesialisthelsetjenesten' },
  { list: '9034', name: 'Helsepersonells funksjoner' },
  { list: '9060', name: 'Kategori helsepersonell' },
  { list: '9151', name: 'IPLOS tjenestetype' },
];

/** Classifications that the record's content is written in. */
export const clinicalLists: readonly { list: string; name: string }[] = [
  { list: '7110', name: 'ICD-10' },
  { list: '7170', name: 'ICPC-2' },
  { list: '7180', name: 'ATC' },
  { list: '7280', name: 'Norsk laboratoriekodeverk' },
];

export const noBasis = {
  familyRelation: 'http://hl7.no/fhir/CodeSystem/no-basis-family-relation',
  maritalStatus: 'http://hl7.no/fhir/CodeSystem/no-basis-marital-status',
  parentalResponsibility: 'http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility',
  connectionType: 'http://hl7.no/fhir/CodeSystem/no-basis-connection-type',
  middleName: 'http://hl7.no/fhir/StructureDefinition/no-basis-middlename',
  addressOfficial: 'http://hl7.no/fhir/StructureDefinition/no-basis-address-official',
  municipalityCode: 'http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode',
  propertyInformation: 'http://hl7.no/fhir/StructureDefinition/no-basis-propertyinformation',
  urbanDistrict: 'http://hl7.no/fhir/StructureDefinition/no-basis-urban-district',
} as const;

/** What neither FHIR R4 nor no-basis has an element for. */
export const ownExtensions = {
  /** On Practitioner.qualification: text of a restriction. */
  restriction: 'urn:fyr:extension:qualification-restriction',
  /** On Practitioner.qualification: the date from which it was withdrawn, and why. */
  withdrawal: 'urn:fyr:extension:qualification-withdrawal',
  /** On Patient.generalPractitioner: since when. */
  practitionerPeriod: 'urn:fyr:extension:general-practitioner-period',
  /** On Organization: an earlier name and the date it ceased. */
  formerName: 'urn:fyr:extension:organization-former-name',
  /** On Organization: who went on with it after a merger, and when. */
  replacedBy: 'urn:fyr:extension:organization-replaced-by',
  /** On Endpoint: a certificate, its use and when it holds. */
  certificate: 'urn:fyr:extension:endpoint-certificate',
} as const;

export const ownSystems = {
  /** Version of a message, beside its function (8279) in Endpoint.payloadType. */
  messageVersion: 'urn:fyr:code-system:message-version',
  /** Kind and scope of a guardianship, by Folkeregisteret's words. */
  guardianshipKind: 'urn:fyr:code-system:guardianship-kind',
  guardianshipScope: 'urn:fyr:code-system:guardianship-scope',
  /** The role of a guardian, which no-basis-family-relation lacks. */
  guardian: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
} as const;

export type Coding = { system?: string; code?: string; display?: string };
export type Concept = { coding?: Coding[]; text?: string };
export type Period = { start?: string; end?: string };
export type Identifier = { use?: string; system?: string; value?: string; period?: Period };
export type Extension = { url: string; extension?: Extension[]; [value: string]: unknown };
export type Reference = {
  reference?: string;
  identifier?: Identifier;
  display?: string;
  type?: string;
  extension?: Extension[];
};

/** A concept of one code. */
export function concept(system: string, code: string, display?: string): Concept {
  return { coding: [{ system, code, ...(display === undefined ? {} : { display }) }] };
}

/** The codes of a system among concepts. */
export function codesOf(concepts: readonly Concept[] | undefined, system: string): string[] {
  return (concepts ?? []).flatMap(({ coding }) =>
    (coding ?? []).flatMap((each) => (each.system === system && each.code !== undefined ? [each.code] : [])),
  );
}

/** `list#code` of every coding of a Volven list. */
export function listedCodes(concepts: readonly Concept[] | undefined): string[] {
  const prefix = volven('');
  return (concepts ?? []).flatMap(({ coding }) =>
    (coding ?? []).flatMap(({ system, code }) =>
      system?.startsWith(prefix) && code !== undefined ? [`${system.slice(prefix.length)}#${code}`] : [],
    ),
  );
}

/** The first extension with the url. */
export function extensionOf(holder: { extension?: Extension[] } | undefined, url: string): Extension | undefined {
  return holder?.extension?.find((each) => each.url === url);
}

/** True when a date (`YYYY-MM-DD`) lies in a period; partial dates and instants count by their beginning, the end is included. */
export function holdsOn({ start, end }: Period, on: string): boolean {
  return (start === undefined || start.slice(0, 10) <= on) && (end === undefined || on <= `${end.slice(0, 10)}~`);
}
