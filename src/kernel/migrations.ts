/**
 * Migrations are plain SQL files, `NNNN-name.sql`, in the `migrations/` folder of the part that owns the tables. They only go forward:
 * a file that has been applied never changes (its checksum is kept); a new file changes what an earlier one made.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Fault } from './fault.ts';

export type Migration = {
  /** `<part>/<file without .sql>`, such as `record/0001-record`; unique and lasting. */
  name: string;
  sql: string;
  checksum: string;
};

const fileName = /^\d{4}-[a-z0-9-]+\.sql$/;

/**
 * Reads every part's migrations, in the order of the folders and of the numbers within each.
 * @param folders parts' own folders (`…/record`), those without `migrations/` have none
 */
export function readMigrations(folders: string[]): Migration[] {
  return folders.flatMap((folder) => {
    const place = join(folder, 'migrations');
    if (!existsSync(place)) return [];
    const files = readdirSync(place)
      .filter((file) => file.endsWith('.sql'))
      .sort();
    refuseBadNumbers(place, files);
    return files.map((file) => readMigration(basename(folder), place, file));
  });
}

function readMigration(part: string, place: string, file: string): Migration {
  const sql = readFileSync(join(place, file), 'utf8');
  // Line ends are not part of it: git may change them on the way to another machine.
  const checksum = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
  return { name: `${part}/${file.slice(0, -'.sql'.length)}`, sql, checksum };
}

function refuseBadNumbers(place: string, files: string[]): void {
  files.forEach((file, index) => {
    if (!fileName.test(file))
      throw new Fault('invalid', `${join(place, file)} is not named like 0001-what-it-does.sql.`);
    if (file.slice(0, 4) === files[index - 1]?.slice(0, 4)) {
      throw new Fault('invalid', `Two migrations in ${place} have the number ${file.slice(0, 4)}.`);
    }
  });
}

/** What the database lacks. Throws a Fault when it was made by other files than these: changed ones, or ones of a later version of Fyr. */
export function pendingMigrations(known: Migration[], applied: ReadonlyMap<string, string>): Migration[] {
  const changed = known.filter(
    (migration) => (applied.get(migration.name) ?? migration.checksum) !== migration.checksum,
  );
  if (changed.length > 0) {
    throw new Fault(
      'conflict',
      `Applied migrations have been changed since: ${names(changed)}. An applied migration never changes; write a new one.`,
    );
  }
  const mine = new Set(known.map((migration) => migration.name));
  const unknown = [...applied.keys()].filter((name) => !mine.has(name));
  if (unknown.length > 0) {
    throw new Fault(
      'conflict',
      `The database was made by another version of Fyr, with ${unknown.join(', ')}. Start that version, or use another data folder.`,
    );
  }
  return known.filter((migration) => !applied.has(migration.name));
}

function names(migrations: Migration[]): string {
  return migrations.map((migration) => migration.name).join(', ');
}
