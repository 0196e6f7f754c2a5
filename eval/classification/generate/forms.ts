/** The forms that documents are made from: of each type six, by different houses; four to learn from, two to be tried on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Part = { heading: string | undefined; sentences: readonly string[] };
export type Form = { type: string; name: string; number: number; titles: readonly string[]; parts: readonly Part[] };

const folder = join(import.meta.dirname, '../forms');

/** Which forms are learnt from, and which no model has seen. Those called fresh were written when the first model that was shipped was finished. */
export type FormsFor = 'train' | 'test' | 'fresh';
export const formsFor = (number: number): FormsFor => (number === 3 ? 'test' : number === 5 ? 'fresh' : 'train');

/** Every form. `= code name` begins a type, `~ title | title` a form, `Heading: sentence | sentence` a part (`*` for none). */
export function readForms(): Form[] {
  const forms: Form[] = [];
  let type: { code: string; name: string } | undefined;
  for (const file of ['summaries.txt', 'notes.txt', 'answers.txt', 'more.txt', 'fresh.txt']) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      if (line.startsWith('= ')) type = { code: line.slice(2, 7), name: line.slice(8) };
      else if (line.startsWith('~ ') && type !== undefined) {
        const number = forms.filter((form) => form.type === type?.code).length;
        forms.push({ type: type.code, name: type.name, number, titles: split(line.slice(2)), parts: [] });
      } else if (line.includes(': ')) addPart(forms.at(-1), line);
    }
  }
  return forms;
}

function addPart(form: Form | undefined, line: string): void {
  const at = line.indexOf(': ');
  const heading = line.slice(0, at);
  if (form === undefined) throw new Error(`a part before the first form: ${line}`);
  (form.parts as Part[]).push({
    heading: heading === '*' ? undefined : heading,
    sentences: split(line.slice(at + 2)),
  });
}

const split = (text: string): string[] => text.split(' | ').map((part) => part.trim());

type Words = Record<'dx' | 'sym' | 'drug' | 'op' | 'who' | 'place' | 'houses' | 'departments', string[]> &
  Record<'generalTitles' | 'generalLines', string[]> &
  Record<'nynorsk' | 'abbreviations', [string, string][]>;

/** Words that fill the forms, the same for all types: what a document is about tells nothing of what kind it is. */
export function readWords(): Words {
  return JSON.parse(readFileSync(join(folder, 'words.json'), 'utf8')) as Words;
}
