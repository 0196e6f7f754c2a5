/** Norsk klinisk prosedyrekodeverk: the few codes that the sample uses. */
export const procedures = {
  'lap-appendectomy': ['JEA01', 'Laparoskopisk appendektomi'],
  'lap-cholecystectomy': ['JKA21', 'Laparoskopisk kolecystektomi'],
  'hip-hemiprosthesis': ['NFB12', 'Implantasjon av distal delprotese i hofteledd med sement'],
  'hip-prosthesis': ['NFB40', 'Implantasjon av totalprotese i hofteledd med sement'],
  'knee-prosthesis': ['NGB40', 'Implantasjon av totalprotese i kneledd med sement'],
  'coronary-stent': ['FNG05', 'Perkutan transluminal koronar angioplastikk med innsetting av stent'],
  caesarean: ['MCA10', 'Keisersnitt i nedre uterinsegment'],
  'prostate-resection': ['KED22', 'Transuretral reseksjon av prostata'],
  'colon-resection': ['JFB46', 'Reseksjon av colon sigmoideum'],
  cataract: ['CJE20', 'Fakoemulsifikasjon med implantasjon av kunstig linse i bakre kammer'],
  tonsillectomy: ['EMB10', 'Tonsillektomi'],
  colonoscopy: ['UJF32', 'Koloskopi'],
  gastroscopy: ['UJD02', 'Gastroskopi'],
  hernia: ['JAB30', 'Operasjon for lyskebrokk med implantat'],
} as const satisfies Record<string, readonly [string, string]>;

export type ProcedureKey = keyof typeof procedures;
