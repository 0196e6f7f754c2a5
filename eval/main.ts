/**
 * `npm run eval [-- section …]`: measures how well Fyr classifies documents and finds what is in them, and prints the tables of docs/evaluation.md.
 * A section is a folder here with a `section.ts`; without words all are run, in the order of their names.
 */
import { existsSync, readdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { markdownOf, type Section } from './table.ts';

const there = readdirSync(import.meta.dirname)
  .filter((folder) => existsSync(join(import.meta.dirname, folder, 'section.ts')))
  .sort();
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = wanted.filter((name) => !there.includes(name));

if (unknown.length > 0) {
  console.error(`There is no section ${unknown.join(', ')}. There are: ${there.join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const folder of wanted.length > 0 ? wanted : there) {
    const { section } = (await import(`./${folder}/section.ts`)) as { section: Section };
    const begun = performance.now();
    console.log(`## ${section.name}\n`);
    for (const table of await section.run()) console.log(markdownOf(table));
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`(${folder}: ${seconds} s, load ${(loadavg()[0] ?? 0).toFixed(1)})\n`);
  }
}
