/**
 * ICD-10 and ICPC-2 as Norway uses them, from the npm package `@navikt/diagnosekoder` (code MIT; texts Helsedirektoratet / WHO / WONCA).
 * The package lists the codes that may be reported today: not the categories above them, not codes of earlier years, not ICPC-2's
 * process codes. So both are `fragment`s: what is here is right, what is not here is unknown. Categories are inferred from the
 * codes under them (they have no text); chapters are named.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { CodeSystemIndex } from './code-system.ts';
import type { CodeSystemHead, ConceptRow } from './code-system.ts';
import type { Concept } from './model.ts';

const icd10System = 'urn:oid:2.16.578.1.12.4.1.1.7110';
const icpc2System = 'urn:oid:2.16.578.1.12.4.1.1.7170';

/** The Norwegian editions that an npm package brings. */
export const diagnosisSystems: readonly string[] = [icd10System, icpc2System];
/** FHIR's own names for the two, https://hl7.org/fhir/R4/terminologies-systems.html; ICD-10 codes are written with a dot there. */
const icd10FhirSystem = 'http://hl7.org/fhir/sid/icd-10';
const icpc2FhirSystem = 'http://hl7.org/fhir/sid/icpc-2';

type Diagnosis = { code: string; text: string };

/** Code of the chapter, first and last category in it, title. */
const icd10Chapters: readonly (readonly [string, string, string, string])[] = [
  ['I', 'A00', 'B99', 'Visse infeksjonssykdommer og parasittsykdommer'],
  ['II', 'C00', 'D48', 'Svulster'],
  ['III', 'D50', 'D89', 'Sykdommer i blod og bloddannende organer og visse tilstander som angår immunsystemet'],
  ['IV', 'E00', 'E90', 'Endokrine sykdommer, ernæringssykdommer og metabolske forstyrrelser'],
  ['V', 'F00', 'F99', 'Psykiske lidelser og atferdsforstyrrelser'],
  ['VI', 'G00', 'G99', 'Sykdommer i nervesystemet'],
  ['VII', 'H00', 'H59', 'Sykdommer i øyet og øyets omgivelser'],
  ['VIII', 'H60', 'H95', 'Sykdommer i øre og ørebensknute'],
  ['IX', 'I00', 'I99', 'Sykdommer i sirkulasjonssystemet'],
  ['X', 'J00', 'J99', 'Sykdommer i åndedrettssystemet'],
  ['XI', 'K00', 'K93', 'Sykdommer i fordøyelsessystemet'],
  ['XII', 'L00', 'L99', 'Sykdommer i hud og underhud'],
  ['XIII', 'M00', 'M99', 'Sykdommer i muskel-skjelettsystemet og bindevev'],
  ['XIV', 'N00', 'N99', 'Sykdommer i urin- og kjønnsorganer'],
  ['XV', 'O00', 'O99', 'Svangerskap, fødsel og barseltid'],
  ['XVI', 'P00', 'P96', 'Visse tilstander som oppstår i perinatalperioden'],
  ['XVII', 'Q00', 'Q99', 'Medfødte misdannelser, deformiteter og kromosomavvik'],
  ['XVIII', 'R00', 'R99', 'Symptomer, tegn, unormale kliniske funn og laboratoriefunn, ikke klassifisert annet sted'],
  ['XIX', 'S00', 'T98', 'Skader, forgiftninger og visse andre konsekvenser av ytre årsaker'],
  ['XX', 'V00', 'Y98', 'Ytre årsaker til sykdommer, skader og dødsfall'],
  ['XXI', 'Z00', 'Z99', 'Faktorer som har betydning for helsetilstand og kontakt med helsetjenesten'],
  ['XXII', 'U00', 'U99', 'Koder for spesielle formål'],
];

const icpc2Chapters: readonly (readonly [string, string])[] = [
  ['A', 'Allment og uspesifisert'],
  ['B', 'Blod, bloddannende organer og immunsystemet'],
  ['D', 'Fordøyelsessystemet'],
  ['F', 'Øye'],
  ['H', 'Øre'],
  ['K', 'Hjerte-karsystemet'],
  ['L', 'Muskel og skjelett'],
  ['N', 'Nervesystemet'],
  ['P', 'Psykisk'],
  ['R', 'Luftveier'],
  ['S', 'Hud'],
  ['T', 'Endokrine, metabolske og ernæringsmessige problemer'],
  ['U', 'Urinveier'],
  ['W', 'Svangerskap, fødsel og familieplanlegging'],
  ['X', 'Kvinnelige kjønnsorganer'],
  ['Y', 'Mannlige kjønnsorganer'],
  ['Z', 'Sosiale problemer'],
];

const abstract = { property: [{ code: 'notSelectable', valueBoolean: true }] };

/** The built-in index of this system, or undefined when it is not one of the four names above. Reads the package: call once, lazily. */
export function builtInCodeSystem(system: string): CodeSystemIndex | undefined {
  if (system === icd10System)
    return new CodeSystemIndex(
      head(system, 'ICD10', 'ICD-10', withoutDot),
      icd10Rows((c) => c),
    );
  if (system === icd10FhirSystem)
    return new CodeSystemIndex(head(system, 'ICD10', 'ICD-10', withDot), icd10Rows(withDot));
  if (system === icpc2System || system === icpc2FhirSystem) {
    return new CodeSystemIndex(
      head(system, 'ICPC2', 'ICPC-2', (code) => code.toUpperCase()),
      icpc2Rows(),
    );
  }
  return undefined;
}

/** True when the system is ICD-10 by either name. */
export function isIcd10(system: string): boolean {
  return system === icd10System || system === icd10FhirSystem;
}

/** How a list of this system, loaded by an operator, spells its codes: as ICD-10 without dots or, where its codes have them, with. */
export function spellingOf(system: string, codes: readonly { code: string }[]): ((code: string) => string) | undefined {
  if (!isIcd10(system)) return undefined;
  return codes.some(({ code }) => code[3] === '.') ? withDot : withoutDot;
}

/** The ways that records spell an ICD-10 code: `E110` and `E11.0`. */
export function icd10Spellings(code: string): string[] {
  const plain = withoutDot(code);
  const dotted = withDot(plain);
  return plain === dotted ? [plain] : [plain, dotted];
}

function head(url: string, name: string, title: string, spelling: (code: string) => string): CodeSystemHead {
  return {
    url,
    version: '2026',
    name,
    title,
    language: 'nb',
    content: 'fragment',
    caseSensitive: true,
    valueSet: `${url}?fhir_vs`,
    properties: [],
    spelling,
  };
}

function withoutDot(code: string): string {
  return code[3] === '.' ? code.slice(0, 3) + code.slice(4) : code;
}

function withDot(code: string): string {
  return code.length > 3 && /^[A-Z]\d/.test(code) && code[3] !== '.' ? `${code.slice(0, 3)}.${code.slice(3)}` : code;
}

function read(file: 'ICD10' | 'ICPC2'): Diagnosis[] {
  // Parsed by hand: `require` would keep the package's 20,000 objects for as long as the process lives.
  const path = createRequire(import.meta.url).resolve(`@navikt/diagnosekoder/lib/${file}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Diagnosis[];
}

/** Chapters, then each category before its codes. A code's parent is the longest code that it begins with. */
function* icd10Rows(spell: (code: string) => string): Generator<ConceptRow> {
  for (const [code, , , title] of icd10Chapters) yield { concept: { code, display: title, ...abstract }, parents: [] };
  const texts = new Map(read('ICD10').map(({ code, text }) => [code, text]));
  const all = new Set(texts.keys());
  for (const code of texts.keys()) for (let end = code.length - 1; end >= 3; end -= 1) all.add(code.slice(0, end));
  for (const code of [...all].toSorted()) {
    const text = texts.get(code);
    const parent = code.length > 3 ? spell(code.slice(0, -1)) : icd10Chapter(code);
    const concept: Concept =
      text === undefined ? { code: spell(code), ...abstract } : { code: spell(code), display: text };
    yield { concept, parents: parent === undefined ? [] : [parent] };
  }
}

function icd10Chapter(category: string): string | undefined {
  // Norwegian external-cause categories hold letters (`V0n`, `Y4n`): the letter stands for any digit.
  const plain = category.replace(/[a-z]/g, '0');
  return icd10Chapters.find(([, first, last]) => plain >= first && plain <= last)?.[0];
}

function* icpc2Rows(): Generator<ConceptRow> {
  for (const [code, display] of icpc2Chapters) yield { concept: { code, display, ...abstract }, parents: [] };
  for (const { code, text } of read('ICPC2')) {
    yield { concept: { code, display: text }, parents: [code.length > 3 ? code.slice(0, 3) : code.slice(0, 1)] };
  }
}
