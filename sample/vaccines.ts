/** The Norwegian childhood programme in the order it is given, and the vaccines of adults. ATC codes J07. */
export type Vaccine = { atc: string; name: string };

export const vaccines = {
  rotavirus: { atc: 'J07BH01', name: 'Vaksine mot rotavirus' },
  sixInOne: { atc: 'J07CA09', name: 'Vaksine mot difteri, tetanus, kikhoste, polio, Hib og hepatitt B' },
  pneumococcal: { atc: 'J07AL02', name: 'Vaksine mot pneumokokker (konjugert)' },
  measles: { atc: 'J07BD52', name: 'Vaksine mot meslinger, kusma og røde hunder' },
  fourInOne: { atc: 'J07CA02', name: 'Vaksine mot difteri, tetanus, kikhoste og polio' },
  hpv: { atc: 'J07BM03', name: 'Vaksine mot humant papillomavirus' },
  bcg: { atc: 'J07AN01', name: 'Vaksine mot tuberkulose (BCG)' },
  influenza: { atc: 'J07BB02', name: 'Vaksine mot influensa (inaktivert)' },
  covid: { atc: 'J07BN01', name: 'Vaksine mot covid-19 (mRNA)' },
  pneumococcalAdult: { atc: 'J07AL01', name: 'Vaksine mot pneumokokker (polysakkarid)' },
  tickborne: { atc: 'J07BA01', name: 'Vaksine mot skogflåttencefalitt' },
} as const satisfies Record<string, Vaccine>;

export type VaccineKey = keyof typeof vaccines;

/** Age in days, vaccine, and its number in the series. */
export const childhoodProgramme: readonly (readonly [ageDays: number, vaccine: VaccineKey, dose: number])[] = [
  [42, 'rotavirus', 1],
  [91, 'rotavirus', 2],
  [91, 'sixInOne', 1],
  [91, 'pneumococcal', 1],
  [152, 'sixInOne', 2],
  [152, 'pneumococcal', 2],
  [365, 'sixInOne', 3],
  [365, 'pneumococcal', 3],
  [456, 'measles', 1],
  [2740, 'fourInOne', 4],
  [4200, 'measles', 2],
  [4500, 'hpv', 1],
  [4690, 'hpv', 2],
  [5570, 'fourInOne', 5],
];
