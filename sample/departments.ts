/** What the two invented hospitals consist of. Codes: 8451 (field), 8655 (area of care), 7426 (speciality of the doctors). */
export type Department = {
  key: string;
  name: string;
  field: string;
  area: string;
  speciality: readonly [code: string, display: string];
  /** Only the larger hospital has it. */
  centralOnly?: boolean;
};

export const departments: readonly Department[] = [
  { key: 'emergency', name: 'Akuttmottak', field: '110', area: 'S03', speciality: ['301', 'Akutt- og mottaksmedisin'] },
  { key: 'internal', name: 'Medisinsk avdeling', field: '110', area: 'S03', speciality: ['190', 'Indremedisin'] },
  {
    key: 'cardiology',
    name: 'Hjertemedisinsk avdeling',
    field: '150',
    area: 'S0306',
    speciality: ['195', 'Hjertesykdommer'],
  },
  { key: 'lung', name: 'Lungemedisinsk avdeling', field: '170', area: 'S0307', speciality: ['197', 'Lungesykdommer'] },
  { key: 'surgery', name: 'Kirurgisk avdeling', field: '010', area: 'S0201', speciality: ['80', 'Generell Kirurgi'] },
  {
    key: 'orthopaedics',
    name: 'Ortopedisk avdeling',
    field: '050',
    area: 'S0208',
    speciality: ['152', 'Ortopedisk kirurgi'],
  },
  {
    key: 'gastroenterology',
    name: 'Seksjon for fordøyelsessykdommer',
    field: '140',
    area: 'S0302',
    speciality: ['193', 'Fordøyelsessykdommer'],
  },
  {
    key: 'endocrinology',
    name: 'Seksjon for hormonsykdommer',
    field: '130',
    area: 'S0301',
    speciality: ['192', 'Endokrinologi'],
    centralOnly: true,
  },
  {
    key: 'nephrology',
    name: 'Nyreseksjonen',
    field: '180',
    area: 'S0308',
    speciality: ['198', 'Nyresykdommer'],
    centralOnly: true,
  },
  {
    key: 'rheumatology',
    name: 'Revmatologisk avdeling',
    field: '190',
    area: 'S',
    speciality: ['41', 'Revmatologi'],
    centralOnly: true,
  },
  {
    key: 'neurology',
    name: 'Nevrologisk avdeling',
    field: '250',
    area: 'S07',
    speciality: ['37', 'Nevrologi'],
    centralOnly: true,
  },
  {
    key: 'oncology',
    name: 'Kreftavdelingen',
    field: '853',
    area: 'S',
    speciality: ['43', 'Onkologi'],
    centralOnly: true,
  },
  { key: 'geriatrics', name: 'Geriatrisk avdeling', field: '350', area: 'S0303', speciality: ['194', 'Geriatri'] },
  {
    key: 'obstetrics',
    name: 'Føde- og kvinneavdelingen',
    field: '200',
    area: 'S04',
    speciality: ['7', 'Fødselshjelp og kvinnesykdommer'],
  },
  {
    key: 'paediatrics',
    name: 'Barneavdelingen',
    field: '220',
    area: 'S06',
    speciality: ['3', 'Barnesykdommer'],
    centralOnly: true,
  },
  {
    key: 'urology',
    name: 'Urologisk seksjon',
    field: '070',
    area: 'S0211',
    speciality: ['86', 'Urologi'],
    centralOnly: true,
  },
  {
    key: 'ear',
    name: 'Øre-nese-hals-avdelingen',
    field: '290',
    area: 'S09',
    speciality: ['45', 'Øre-, nese-, halssykdommer'],
    centralOnly: true,
  },
  {
    key: 'eye',
    name: 'Øyeavdelingen',
    field: '300',
    area: 'S10',
    speciality: ['46', 'Øyesykdommer'],
    centralOnly: true,
  },
  {
    key: 'skin',
    name: 'Hudpoliklinikken',
    field: '240',
    area: 'S05',
    speciality: ['16', 'Hud og veneriske sykdommer'],
    centralOnly: true,
  },
  { key: 'psychiatry', name: 'Distriktspsykiatrisk senter', field: '320', area: 'PV', speciality: ['40', 'Psykiatri'] },
  {
    key: 'child-psychiatry',
    name: 'Barne- og ungdomspsykiatrisk poliklinikk',
    field: '310',
    area: 'PB',
    speciality: ['4', 'Barne- og ungdomspsykiatri'],
    centralOnly: true,
  },
];

export const hospitals = [
  { key: 'central', name: 'Fyrlandet sentralsykehus', isCentral: true },
  { key: 'local', name: 'Vardfjord lokalsykehus', isCentral: false },
] as const;
