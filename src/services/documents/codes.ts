/** Codes of documents: Volven 9602 (types), 9603 (what is withheld), and what Fyr itself notes of a document. */
export const codeSystems = {
  documentType: 'urn:oid:2.16.578.1.12.4.1.1.9602',
  confidentiality: 'urn:oid:2.16.578.1.12.4.1.1.9603',
  mimeType: 'urn:ietf:bcp:13',
  format: 'urn:ietf:rfc:3986',
  /** Who said the type: given, person, machine or undecided. */
  typeBy: 'urn:fyr:code-system:document-type-by',
} as const;

/** SHA-256 of the content, in hexadecimal: its address among the node's blobs. */
export const sha256Extension = 'urn:fyr:extension:sha-256';
/** Why a document was withdrawn or deprecated. */
export const reasonExtension = 'urn:fyr:extension:status-reason';

/** Volven 9602; the first of each letter is its group. */
export const documentTypes: Readonly<Record<string, string>> = {
  'A00-1': 'Epikriser og sammenfatninger',
  'A01-2': 'Kriseplan',
  'A02-2': 'Individuell plan',
  'A03-2': 'Epikrise',
  'A04-2': 'Sykepleiesammenfatning',
  'A05-2': 'Fysioterapisammenfatning',
  'A06-2': 'Ergoterapisammenfatning',
  'A07-2': 'Psykologsammenfatning',
  'A08-2': 'Sosionomsammenfatning',
  'A09-2': 'Ernæringsfysiologsammenfatning',
  'A10-2': 'Annet fagpersonell sammenfatning',
  'A11-2': 'Tverrfaglig sammenfatning',
  'A12-2': 'Utskrivings-/Pasientorientering',
  'A13-2': 'Poliklinisk epikrise',
  'B00-1': 'Kontinuerlig/løpende journal',
  'B01-2': 'Tverrfaglig behandlingsplan',
  'B02-2': 'Journalnotat',
  'B03-2': 'Poliklinisk notat',
  'C00-1': 'Prøvesvar, vev og væsker',
  'C01-2': 'Medisinsk biokjemi',
  'C02-2': 'Blodbank og immunologi',
  'C03-2': 'Mikrobiologi, virologi og serologi',
  'C04-2': 'Patologi, histologi og cytologi',
  'C05-2': 'Klinisk farmakologi',
  'C06-2': 'Medisinsk genetikk',
  'C07-2': 'Allergiutredning',
  'D00-1': 'Organfunksjon',
  'D01-2': 'Hjerte og kretsløp',
  'D02-2': 'Lunge',
  'D03-2': 'Fordøyelse',
  'D04-2': 'Urinveier',
  'D05-2': 'Gyn/Reproduksjon',
  'D06-2': 'Nervesystemet',
  'D07-2': 'Ledd/ ben/ skjelett',
  'D08-2': 'ØNH',
  'D09-2': 'Øye',
  'D10-2': 'Hud',
  'D11-2': 'Endokrinologi',
  'D12-2': 'Metabolisme',
  'D13-2': 'Beinmargsutstryk',
  'E00-1': 'Bildediagnostikk og andre medisinske bilder',
  'E01-2': 'Diagnostiske bilder',
  'F00-1': 'Kurve, observasjon og behandling',
  'F01-2': 'Kurve',
  'F02-2': 'Anestesi- og opr. Rapporter',
  'F03-2': 'Intensiv/postoperativ observasjon',
  'F04-2': 'Svangerskap og fødsel',
  'F05-2': 'Diabetes/ endokrinologi',
  'F06-2': 'Onkologi/ hematologi',
  'F07-2': 'Nyre/ dialyse',
  'F08-2': 'Smertebehandling',
  'F09-2': 'Ambulansejournal',
  'F10-2': 'Transplantasjon',
  'I00-1': 'Korrespondanse',
  'I01-2': 'Henvisninger',
  'I02-2': 'Brev',
  'J00-1': 'Attester, melding og erklæringer',
  'J01-2': 'Sykmeldinger og trygdesaker',
  'J02-2': 'Legeerklæring om dødsfall',
  'S00-1': 'Test og scoring',
  'S01-2': 'Tester',
  'S02-2': 'Systematiserte diagnostiske intervju',
  'S03-2': 'Voldsrisikovurdering',
};

/** The group that a type belongs to (classCode beside typeCode, HIS 1169). */
export const groupOf = (type: string): string => `${type.charAt(0)}00-1`;

/** Volven 9603, and the two that Helsenorge adds. */
export const confidentialityCodes: Readonly<Record<string, string>> = {
  N: 'Normal',
  NORN_ALL: 'Nektet, alle',
  NORN_EPO: 'Nektet, eget ønske',
  NORN_FFL: 'Nektet, fare for liv',
  NORN_FOR: 'Nektet, foreldet',
  NORN_KUT: 'Nektet, klart utilrådelig',
  NORS: 'Sperret',
};

/** Format codes of HIS 1169 for what is no message of KITH's. */
export const formatCodes = {
  pdf: 'urn:no:ehelse:document:pdf',
  image: 'urn:no:ehelse:document:image',
  text: 'urn:no:ehelse:document:text',
} as const;
