/** The texts of ICD-10 and ICPC-2 that the program ships: the words of clinical Norwegian, and the codes that a wording leads to. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export type Diagnosis = { readonly code: string; readonly text: string };

/** @param list `ICD10`: 19,634 rows, codes without dots; `ICPC2`: 708 */
export function readDiagnoses(list: 'ICD10' | 'ICPC2'): Diagnosis[] {
  const path = createRequire(import.meta.url).resolve(`@navikt/diagnosekoder/lib/${list}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Diagnosis[];
}
