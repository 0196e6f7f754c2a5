/** `fyr backup`, `fyr backup list|verify|prune`: a copy of the node that can be put back, and the proof that it can. */
import { join, resolve } from 'node:path';
import {
  makeBackup,
  chooseBackup,
  noteVerified,
  openBackupFolder,
  pruneBackups,
  restoreBlobs,
  verifyBackup,
} from '#continuity/backup/index.ts';
import type { BackupFolder, SmallFiles } from '#continuity/backup/index.ts';
import { systemClock } from '#kernel/clock.ts';
import type { Config, Secrets } from '#kernel/config.ts';
import { joinDatabaseHome } from '#kernel/database-home.ts';
import { openDatabase, type Db } from '#kernel/db.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { createProgress } from '#kernel/progress.ts';
import { createBlobStore } from '#trust/encryption/blobs.ts';
import { openKeyring, type BlobStore, type Keyring } from '#trust/encryption/index.ts';
import { createVault } from '#trust/encryption/vault.ts';
import { allMigrations } from '../migrations.ts';
import { version } from '../version.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';

const backup: Command = {
  name: 'backup',
  takes: '<folder> [--full]',
  summary: 'Makes an encrypted backup of the node, beside it while it runs',
  help: `
The first is whole, later ones write what has changed. All of it is of one instant: the record with every version, the access log, keys, settings in
the database, and the blobs. Sessions and jobs are not in it. It is sealed under the node key, which is not in it: keep a copy of that elsewhere.
Put the folder on another machine's disk. Killed at any moment, earlier backups are as they were.

  --full   writes everything anew, whatever earlier backups have

Exit codes: 0 done, 1 it could not be made or blobs are damaged, 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    const { positionals, values } = parseWords(backup, words, { full: { type: 'boolean' } });
    const folder = folderOf(backup, positionals, context);
    return withBackup(context, 'backup', folder, async ({ db, config, keyring, folder: opened }) => {
      const { output, signal } = context;
      const progress = createProgress({ label: 'Backup', unit: 'rows', output, clock: systemClock });
      const own = { db, clock: systemClock, randomness: systemRandomness, node: config.node };
      const made = await makeBackup(
        {
          ...own,
          folder: opened,
          program: version,
          ...blobsOf(config, db, keyring),
          smallFiles: smallFilesOf(config),
        },
        { isFull: values.full === true, signal, onProgress: (rows) => progress.at(rows) },
      );
      progress.end();
      const { manifest, rows, bytesWritten, milliseconds, name } = made;
      output.write(
        `Backup ${name}: ${rows} rows and ${manifest.blobs.files} blobs, ${megabytes(bytesWritten)} written in ${seconds(milliseconds)}.\n`,
      );
      if (manifest.blobs.damaged === 0) return exitCode.done;
      output.write(
        `${manifest.blobs.damaged} blobs are damaged here and are not in it (docs/operations.md, "Blobs").\n`,
      );
      return exitCode.failed;
    });
  },
};

const backupList: Command = {
  name: 'backup list',
  takes: '<folder>',
  summary: 'Shows the backups in a folder',
  help: `
Exit codes: 0 shown, 1 one can not be opened, 2 wrong use or settings.`,
  async run(words, context) {
    const path = folderOf(backupList, parseWords(backupList, words, {}).positionals, context);
    const { config, secrets } = context.readConfig();
    const folder = openBackupFolder({
      folder: path,
      keyring: keyringOf(config, secrets),
      randomness: systemRandomness,
    });
    const entries = await folder.list();
    if (entries.length === 0) context.output.write(`There is no backup in ${path}.\n`);
    for (const { name } of entries) {
      const { node, tables, blobs, previous } = await folder.readManifest(name);
      const versions = tables['version']?.rows ?? 0;
      const since = previous === undefined ? '' : `, after ${previous}`;
      context.output.write(`${name}  node ${node}, ${versions} versions, ${blobs.files} blobs${since}\n`);
    }
    return exitCode.done;
  },
};

const backupVerify: Command = {
  name: 'backup verify',
  takes: '<folder> [--to <time>]',
  summary: 'Restores a backup into a database that is thrown away, and compares',
  help: `
Every row of every table is read back, counted and compared by its digest, and every blob is opened with the keys of the backup. The node may run.

  --to <time>   the newest backup at or before this time (2026-11-23T08:00:00Z), instead of the newest

Exit codes: 0 it is right, 1 it is not, 2 wrong use or settings.`,
  async run(words, context) {
    const { positionals, values } = parseWords(backupVerify, words, { to: { type: 'string' } });
    const path = folderOf(backupVerify, positionals, context);
    return withBackup(context, 'backup verify', path, async ({ db, config, keyring, folder, databaseUrl }) => {
      const { output, signal } = context;
      const { manifest, entry } = await chooseBackup(folder, timeOf(backupVerify, values.to));
      const progress = createProgress({ label: 'Verifying', unit: 'rows', output, clock: systemClock });
      let lacking = 0;
      const checked = await verifyBackup(databaseUrl, folder, manifest, {
        migrations: allMigrations(),
        clock: systemClock,
        signal,
        onProgress: (rows) => progress.at(rows),
        afterwards: async (scratch) => {
          const { blobs } = blobsOf({ ...config, node: manifest.node }, scratch, keyring, folder.blobFolder);
          const found = await restoreBlobs(
            { blobs, blobFolder: folder.blobFolder, randomness: systemRandomness },
            folder,
            manifest,
            { signal, isOnlyChecked: true },
          );
          lacking = found.lacking.length;
        },
      });
      progress.end();
      if (lacking > 0) {
        output.write(`${lacking} blobs of the backup ${entry.name} are missing or damaged. The rows are right.\n`);
        return exitCode.failed;
      }
      await noteVerified(db, manifest.id, systemClock.now());
      output.write(
        `Backup ${entry.name} is right: ${checked.rows} rows of ${checked.tables} tables restored and compared in ${seconds(checked.milliseconds)}, ${manifest.blobs.files} blobs opened.\n`,
      );
      return exitCode.done;
    });
  },
};

const backupPrune: Command = {
  name: 'backup prune',
  takes: '<folder> --keep-days <days>',
  summary: 'Removes backups that are older, and what only they needed',
  help: `
The newest always stays. What a patient's destroyed key sealed is gone for good once every backup of before is.

Exit codes: 0 done, 1 refused, 2 wrong use or settings.`,
  async run(words, context) {
    const { positionals, values } = parseWords(backupPrune, words, { 'keep-days': { type: 'string' } });
    const path = folderOf(backupPrune, positionals, context);
    const days = Number(values['keep-days'] ?? NaN);
    if (!Number.isInteger(days) || days < 1)
      throw wrongUse(backupPrune, 'Say how many days are kept, such as --keep-days 30');
    const { config, secrets } = context.readConfig();
    const folder = openBackupFolder({
      folder: path,
      keyring: keyringOf(config, secrets),
      randomness: systemRandomness,
    });
    const { backups, pieces, blobs } = await pruneBackups(folder, systemClock.now() - days * 86_400_000);
    context.output.write(`${backups} backups, ${pieces} pieces and ${blobs} blobs are removed.\n`);
    return exitCode.done;
  },
};

/** Ctrl-C is no bug: nothing is half done. */
export function interruptible(command: Command): Command {
  return {
    ...command,
    async run(words, context) {
      try {
        return await command.run(words, context);
      } catch (error) {
        if (!context.signal.aborted) throw error;
        context.output.write('Interrupted. What was there before is as it was.\n');
        return exitCode.interrupted;
      }
    },
  };
}

/** The longer names first: `backup` alone is the beginning of all. */
export const backupCommands: readonly Command[] = [
  backupList,
  interruptible(backupVerify),
  backupPrune,
  interruptible(backup),
];

type Opened = { db: Db; config: Config; secrets: Secrets; keyring: Keyring; folder: BackupFolder; databaseUrl: string };

async function withBackup<T>(
  context: CommandContext,
  purpose: string,
  path: string,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const { config, secrets } = context.readConfig();
  const home = await joinDatabaseHome(config, secrets, purpose, (line) => context.output.write(`${line}\n`));
  try {
    const db = openDatabase(home.url, { connectionsMax: 2, applicationName: `fyr ${config.node} ${purpose}` });
    try {
      const keyring = keyringOf(config, secrets);
      const folder = openBackupFolder({ folder: path, keyring, randomness: systemRandomness });
      return await work({ db, config, secrets, keyring, folder, databaseUrl: home.url });
    } finally {
      await db.end({ timeout: 5 });
    }
  } finally {
    home.stopping();
    await home.close();
  }
}

/** Faults: notFound, where a backup would be sealed under a key that is made for it, or be opened with one. */
export function keyringOf({ security }: Config, { nodeKey }: Secrets): Keyring {
  return openKeyring({ secret: nodeKey, file: security.nodeKeyFile, randomness: systemRandomness });
}

/** The blob store over a database's data keys. */
export function blobsOf(
  { node, dataFolder }: Pick<Config, 'node' | 'dataFolder'>,
  db: Db,
  keyring: Keyring,
  blobFolder = join(dataFolder, 'blobs'),
): { blobs: BlobStore; blobFolder: string } {
  const vault = createVault({ db, keyring, node, clock: systemClock, randomness: systemRandomness });
  return { blobFolder, blobs: createBlobStore({ folder: blobFolder, vault, randomness: systemRandomness }) };
}

export function smallFilesOf({ accessLog, security, dataFolder }: Config): SmallFiles {
  const { keyFile: logKey, anchorFolder: anchors } = accessLog;
  return { logKey, anchors, authority: security.authority.folder, identity: join(dataFolder, 'identity') };
}

export function folderOf(command: Command, positionals: readonly string[], { folder }: CommandContext): string {
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw wrongUse(command, 'Say which folder');
  return resolve(folder, path);
}

/** Milliseconds since 1970; undefined: not said. */
export function timeOf(command: Command, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw wrongUse(command, `"${text}" is no time: write it like 2026-11-23T08:00:00Z`);
  return time;
}

export const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
