/** The words of a summary in the three languages: titles, empty sections, labels. What the record itself says stays in its own language. */
import type { CriticalCategory } from './critical.ts';
import type { Words } from './languages.ts';
import type { SectionKey } from './sections.ts';

export const documentTitle: Words = {
  nb: 'Pasientoppsummering (International Patient Summary)',
  nn: 'Pasientoppsummering (International Patient Summary)',
  en: 'International Patient Summary',
};

export const sectionTitles: { readonly [key in SectionKey]: Words } = {
  allergies: { nb: 'Allergier og overfølsomhet', nn: 'Allergiar og overfølsemd', en: 'Allergies and intolerances' },
  medications: { nb: 'Legemidler i bruk', nn: 'Legemiddel i bruk', en: 'Medications in use' },
  problems: { nb: 'Helseproblemer', nn: 'Helseproblem', en: 'Problems' },
  alerts: { nb: 'Kritisk informasjon og varsler', nn: 'Kritisk informasjon og varsel', en: 'Alerts' },
  advanceDirectives: {
    nb: 'Behandlingsbegrensninger og egne ønsker',
    nn: 'Behandlingsavgrensingar og eigne ønske',
    en: 'Advance directives',
  },
  immunizations: { nb: 'Vaksinasjoner', nn: 'Vaksinasjonar', en: 'Immunizations' },
  procedures: { nb: 'Inngrep og prosedyrer', nn: 'Inngrep og prosedyrar', en: 'History of procedures' },
  devices: { nb: 'Medisinsk utstyr og implantater', nn: 'Medisinsk utstyr og implantat', en: 'Medical devices' },
  results: { nb: 'Prøvesvar og undersøkelser', nn: 'Prøvesvar og undersøkingar', en: 'Results' },
  vitalSigns: { nb: 'Vitale tegn og mål', nn: 'Vitale teikn og mål', en: 'Vital signs' },
  pastIllness: { nb: 'Tidligere sykdommer', nn: 'Tidlegare sjukdommar', en: 'History of past illness' },
  functionalStatus: { nb: 'Funksjonsnivå', nn: 'Funksjonsnivå', en: 'Functional status' },
  planOfCare: { nb: 'Behandlingsplaner', nn: 'Behandlingsplanar', en: 'Plan of care' },
  socialHistory: { nb: 'Levevaner', nn: 'Levevanar', en: 'Social history' },
  pregnancy: { nb: 'Svangerskap', nn: 'Svangerskap', en: 'Pregnancy' },
};

/** The record says that there is none. */
export const noneKnownWords: { readonly [key in SectionKey]?: Words } = {
  allergies: { nb: 'Ingen kjente allergier.', nn: 'Ingen kjende allergiar.', en: 'No known allergies.' },
  medications: { nb: 'Bruker ingen legemidler.', nn: 'Bruker ingen legemiddel.', en: 'No known medications.' },
  problems: { nb: 'Ingen kjente helseproblemer.', nn: 'Ingen kjende helseproblem.', en: 'No known problems.' },
  immunizations: {
    nb: 'Ingen kjente vaksinasjoner.',
    nn: 'Ingen kjende vaksinasjonar.',
    en: 'No known immunizations.',
  },
  procedures: { nb: 'Ingen kjente inngrep.', nn: 'Ingen kjende inngrep.', en: 'No known procedures.' },
  devices: {
    nb: 'Ikke kjent utstyr eller implantater.',
    nn: 'Ikkje kjent utstyr eller implantat.',
    en: 'No known devices.',
  },
};

/** Nothing is recorded: that is not the same as none. */
export const notAvailableWords: Words = {
  nb: 'Ingen opplysninger er registrert. Det betyr ikke at det ikke er noe.',
  nn: 'Ingen opplysningar er registrerte. Det tyder ikkje at det ikkje er noko.',
  en: 'No information is recorded. This does not mean that there is nothing.',
};

export const criticalTitles: { readonly [category in CriticalCategory]: Words } = {
  hypersensitivity: { nb: 'Overfølsomhetsreaksjoner', nn: 'Overfølsemdsreaksjonar', en: 'Hypersensitivity reactions' },
  anaesthesia: {
    nb: 'Komplikasjoner ved anestesi',
    nn: 'Komplikasjonar ved anestesi',
    en: 'Complications of anaesthesia',
  },
  condition: { nb: 'Kritiske medisinske tilstander', nn: 'Kritiske medisinske tilstandar', en: 'Critical conditions' },
  treatment: {
    nb: 'Pågående behandling og implantater',
    nn: 'Pågåande behandling og implantat',
    en: 'Ongoing treatment and implants',
  },
  infection: { nb: 'Smitte', nn: 'Smitte', en: 'Infection' },
  routines: {
    nb: 'Endringer i behandlingsrutiner',
    nn: 'Endringar i behandlingsrutinar',
    en: 'Changes in treatment routines',
  },
};

export const labels = {
  criticalInformation: { nb: 'Kritisk informasjon', nn: 'Kritisk informasjon', en: 'Critical information' },
  noCritical: {
    nb: 'Ingen kritisk informasjon er registrert.',
    nn: 'Ingen kritisk informasjon er registrert.',
    en: 'No critical information is recorded.',
  },
  contacts: { nb: 'Pårørende og kontakter', nn: 'Pårørande og kontaktar', en: 'Next of kin and contacts' },
  visits: { nb: 'Siste kontakter med helsetjenesten', nn: 'Siste kontaktar med helsetenesta', en: 'Latest contacts' },
  generalPractitioner: { nb: 'Fastlege', nn: 'Fastlege', en: 'General practitioner' },
  born: { nb: 'Født', nn: 'Fødd', en: 'Born' },
  died: { nb: 'Død', nn: 'Død', en: 'Died' },
  number: { nb: 'Fødselsnummer', nn: 'Fødselsnummer', en: 'National number' },
  made: { nb: 'Laget', nn: 'Laga', en: 'Made' },
  page: { nb: 'Side', nn: 'Side', en: 'Page' },
  what: { nb: 'Hva', nn: 'Kva', en: 'What' },
  details: { nb: 'Detaljer', nn: 'Detaljar', en: 'Details' },
  when: { nb: 'Når', nn: 'Når', en: 'When' },
  own: { nb: 'registrert av innbygger', nn: 'registrert av innbyggjar', en: 'registered by the citizen' },
  more: { nb: 'Flere finnes i journalen', nn: 'Fleire finst i journalen', en: 'More in the record' },
  beside: { nb: 'to utgaver, ikke avgjort', nn: 'to utgåver, ikkje avgjorde', en: 'two versions, not decided' },
  conflict: { nb: 'Kildene er ikke enige', nn: 'Kjeldene er ikkje samde', en: 'The sources disagree' },
  reaction: { nb: 'Reaksjon', nn: 'Reaksjon', en: 'Reaction' },
  high: { nb: 'alvorlig', nn: 'alvorleg', en: 'serious' },
  'unable-to-assess': { nb: 'alvorlighet ukjent', nn: 'alvorsgrad ukjend', en: 'severity unknown' },
  low: { nb: 'mindre alvorlig', nn: 'mindre alvorleg', en: 'less serious' },
  confirmed: { nb: 'bekreftet', nn: 'stadfesta', en: 'confirmed' },
  probable: { nb: 'sannsynlig', nn: 'sannsynleg', en: 'probable' },
  suspected: { nb: 'mistenkt', nn: 'mistenkt', en: 'suspected' },
  refuted: { nb: 'avkreftet', nn: 'avkrefta', en: 'refuted' },
  since: { nb: 'fra', nn: 'frå', en: 'from' },
  until: { nb: 'til', nn: 'til', en: 'to' },
  dose: { nb: 'Dose', nn: 'Dose', en: 'Dose' },
  onHold: { nb: 'midlertidig stoppet', nn: 'mellombels stoppa', en: 'on hold' },
  above: { nb: 'over referanseområdet', nn: 'over referanseområdet', en: 'above the reference range' },
  below: { nb: 'under referanseområdet', nn: 'under referanseområdet', en: 'below the reference range' },
  reference: { nb: 'ref.', nn: 'ref.', en: 'ref.' },
  donorCard: { nb: 'Donorkort', nn: 'Donorkort', en: 'Organ donor card' },
  yes: { nb: 'ja', nn: 'ja', en: 'yes' },
  no: { nb: 'nei', nn: 'nei', en: 'no' },
  ended: { nb: 'avsluttet', nn: 'avslutta', en: 'ended' },
} as const satisfies Readonly<Record<string, Words>>;

export const criticalityLabels: Readonly<Record<string, Words>> = {
  high: labels.high,
  low: labels.low,
  'unable-to-assess': labels['unable-to-assess'],
};

/** Interpretations (v3-ObservationInterpretation) that are worth telling. */
export const interpretationWords: Readonly<Record<string, Words>> = {
  H: labels.above,
  HH: labels.above,
  HU: labels.above,
  L: labels.below,
  LL: labels.below,
  LU: labels.below,
};
