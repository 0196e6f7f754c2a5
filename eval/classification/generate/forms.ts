/**
 * What documents are made from. Forms: of each type nine, by different houses; four to learn from, five to be tried on. Banks: of each type the titles, headings
 * and phrases of a house's documents, to learn from alone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Part = { heading: string | undefined; sentences: readonly string[] };
export type Form = { type: string; name: string; number: number; titles: readonly string[]; parts: readonly Part[] };

/** `number` tells its file, as the number of a form does. */
export type Bank = {
  type: string;
  number: number;
  titles: readonly string[];
  headings: readonly string[];
  /** In the order in which such a document tells them. */
  groups: readonly (readonly string[])[];
};

const folder = join(import.meta.dirname, '../forms');

/**
 * Which forms are learnt from, and which no model has seen. `fresh` was written when the first model was finished, `second` when the second was; the texts of
 * neither were looked at for a model that they judge.
 */
export type FormsFor = 'train' | 'test' | 'fresh' | 'second';
const ofNumber: Readonly<Record<number, FormsFor>> = { 3: 'test', 5: 'fresh', 6: 'second', 7: 'second', 8: 'second' };
export const formsFor = (number: number): FormsFor => ofNumber[number] ?? 'train';

/** Every form. `= code name` begins a type, `~ title | title` a form, `Heading: sentence | sentence` a part (`*` for none). */
export function readForms(): Form[] {
  const forms: Form[] = [];
  let type: { code: string; name: string } | undefined;
  for (const file of ['summaries.txt', 'notes.txt', 'answers.txt', 'more.txt', 'fresh.txt', 'second.txt']) {
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

/** The banks, by the house that wrote so. `= code name` begins a type, `~` its titles, `#` its headings, `-` a group of phrases. */
export function readBanks(): Bank[] {
  return ['bank-hospital.txt', 'bank-local.txt'].flatMap((file, at) => {
    const banks: Bank[] = [];
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const [told, bank] = [split(line.slice(2)), banks.at(-1)];
      if (line.startsWith('= '))
        banks.push({ type: line.slice(2, 7), number: firstBank + at, titles: [], headings: [], groups: [] });
      else if (bank === undefined || line === '') continue;
      else if (line.startsWith('~ ')) banks[banks.length - 1] = { ...bank, titles: told };
      else if (line.startsWith('# ')) banks[banks.length - 1] = { ...bank, headings: told };
      else banks[banks.length - 1] = { ...bank, groups: [...bank.groups, told] };
    }
    return banks;
  });
}

/** Numbers of banks begin here, beyond those of forms. */
const firstBank = 100;

export type Words = Record<'dx' | 'sym' | 'drug' | 'op' | 'who' | 'place' | 'houses' | 'departments', string[]> &
  Record<'generalTitles' | 'generalLines', string[]> &
  Record<'nynorsk' | 'abbreviations', [string, string][]>;

/** Words that fill the forms, the same for all types: what a document is about tells nothing of what kind it is. */
export function readWords(): Words {
  return JSON.parse(readFileSync(join(folder, 'words.json'), 'utf8')) as Words;
}

/** Those, and more: for what is made in the wide way. */
export function readMoreWords(): Words {
  const more = JSON.parse(readFileSync(join(folder, 'more-words.json'), 'utf8')) as Words;
  const all = Object.entries(readWords()).map(([name, words]) => [name, [...words, ...(more[name as 'dx'] ?? [])]]);
  return Object.fromEntries(all) as Words;
}
