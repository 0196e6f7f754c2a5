/** What residents do not tolerate: ATC substances, foods and others; with the reaction (7497) and the ATC codes to be avoided. */
export type Allergen = {
  name: string;
  atc?: string;
  category: 'medication' | 'food' | 'environment';
  kind: 'allergy' | 'intolerance';
  share: number;
  /** Medicines whose ATC code begins so are not given. */
  avoids?: readonly string[];
  reaction: readonly [code: string, display: string];
  critical: boolean;
};

export const allergens: readonly Allergen[] = [
  {
    name: 'Penicilliner',
    atc: 'J01C',
    category: 'medication',
    kind: 'allergy',
    share: 0.045,
    avoids: ['J01C'],
    reaction: ['11', 'Mindre alvorlig hudreaksjon'],
    critical: false,
  },
  {
    name: 'Fenoksymetylpenicillin',
    atc: 'J01CE02',
    category: 'medication',
    kind: 'allergy',
    share: 0.006,
    avoids: ['J01C'],
    reaction: ['1', 'Anafylaktisk reaksjon'],
    critical: true,
  },
  {
    name: 'Acetylsalisylsyre',
    atc: 'N02BA01',
    category: 'medication',
    kind: 'intolerance',
    share: 0.01,
    avoids: ['B01AC06', 'M01A'],
    reaction: ['5', 'Astma'],
    critical: true,
  },
  {
    name: 'Ibuprofen',
    atc: 'M01AE01',
    category: 'medication',
    kind: 'intolerance',
    share: 0.012,
    avoids: ['M01A'],
    reaction: ['9', 'Angioødem/alvorlig generalisert urticaria'],
    critical: true,
  },
  {
    name: 'Sulfametoksazol og trimetoprim',
    atc: 'J01EE01',
    category: 'medication',
    kind: 'allergy',
    share: 0.012,
    avoids: ['J01E'],
    reaction: ['10', 'Alvorlig hudreaksjon'],
    critical: true,
  },
  {
    name: 'Kodein',
    atc: 'R05DA04',
    category: 'medication',
    kind: 'intolerance',
    share: 0.015,
    avoids: ['N02AJ06'],
    reaction: ['13', 'Oppkast, diaré, magesmerter'],
    critical: false,
  },
  {
    name: 'Simvastatin',
    atc: 'C10AA01',
    category: 'medication',
    kind: 'intolerance',
    share: 0.01,
    avoids: ['C10AA01'],
    reaction: ['17', 'Rhabdomyolyse'],
    critical: true,
  },
  {
    name: 'Peanøtt',
    category: 'food',
    kind: 'allergy',
    share: 0.01,
    reaction: ['1', 'Anafylaktisk reaksjon'],
    critical: true,
  },
  {
    name: 'Kumelk',
    category: 'food',
    kind: 'allergy',
    share: 0.006,
    reaction: ['13', 'Oppkast, diaré, magesmerter'],
    critical: false,
  },
  {
    name: 'Egg',
    category: 'food',
    kind: 'allergy',
    share: 0.006,
    reaction: ['11', 'Mindre alvorlig hudreaksjon'],
    critical: false,
  },
  {
    name: 'Veps',
    category: 'environment',
    kind: 'allergy',
    share: 0.008,
    reaction: ['1', 'Anafylaktisk reaksjon'],
    critical: true,
  },
  {
    name: 'Bjørkepollen',
    category: 'environment',
    kind: 'allergy',
    share: 0.08,
    reaction: ['12', 'Irritasjon i slimhinner'],
    critical: false,
  },
];
