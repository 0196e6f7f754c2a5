/** Which parts own tables, found by their folders, so that a part is added or removed without a list to keep. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readMigrations, type Migration } from '#kernel/migrations.ts';

/** Lower layers first, since tables of the upper ones may refer to theirs; within a layer the record first. */
const layers = ['kernel', 'fhir', 'trust', 'continuity', 'services'];
const first = 'record';

/** Every migration of the program, in the order they are applied. */
export function allMigrations(): Migration[] {
  return readMigrations(layers.flatMap((layer) => partsOf(join(import.meta.dirname, layer))));
}

function partsOf(layer: string): string[] {
  if (!existsSync(layer)) return [];
  const parts = readdirSync(layer, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = parts
    .map((entry) => entry.name)
    .sort((a, b) => Number(b === first) - Number(a === first) || (a < b ? -1 : 1));
  return [layer, ...names.map((name) => join(layer, name))];
}
