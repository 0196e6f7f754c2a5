/** `fyr restore`: a node put back from a backup, with a new epoch, and told what to do next. */
import {
  chooseBackup,
  openBackupFolder,
  restoreBlobs,
  restoreInto,
  restoreSmallFiles,
  type Restored,
  type RestoredBlobs,
} from '#continuity/backup/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { openDatabaseHome } from '#kernel/database-home.ts';
import { Fault } from '#kernel/fault.ts';
import { systemIds, systemRandomness } from '#kernel/ids.ts';
import { createProgress } from '#kernel/progress.ts';
import { allMigrations } from '../migrations.ts';
import { blobsOf, folderOf, interruptible, keyringOf, seconds, smallFilesOf, timeOf } from './backup.ts';
import { exitCode, parseWords, type Command, type Output } from './command.ts';

const restoreCommand: Command = {
  name: 'restore',
  takes: '<folder> [--to <time>] [--aside]',
  summary: 'Puts a backup back into an empty database, checked row by row',
  help: `
The node must be stopped. The database that DATABASE_URL names, or the one in the data folder, must be empty or not there yet. Everything is restored
into a database beside it, compared with what was backed up, and takes its name only then: killed at any moment, the same command starts over.
The node key that the backup was sealed under must be in its place (FYR_NODE_KEY or its file): it is not in the backup.

  --to <time>   the newest backup at or before this time (2026-11-23T08:00:00Z), instead of the newest
  --aside       keeps a database that is not empty under another name

Exit codes: 0 done, 1 refused or damaged or blobs are lacking, 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    const { positionals, values } = parseWords(restoreCommand, words, {
      to: { type: 'string' },
      aside: { type: 'boolean' },
    });
    const path = folderOf(restoreCommand, positionals, context);
    const { config, secrets } = context.readConfig();
    const { output, signal } = context;
    const keyring = keyringOf(config, secrets);
    const folder = openBackupFolder({ folder: path, keyring, randomness: systemRandomness });
    const { manifest, entry } = await chooseBackup(folder, timeOf(restoreCommand, values.to));
    if (manifest.node !== config.node) {
      throw new Fault(
        'conflict',
        `This is a backup of the node ${manifest.node}, and this is ${config.node}. Two nodes of one name would shut each other out: set FYR_NODE=${manifest.node} where the other is gone for good.`,
      );
    }
    const home = await openDatabaseHome(config, secrets, 'restore', (line) => output.write(`${line}\n`));
    try {
      output.write(`Restoring ${entry.name} …\n`);
      const progress = createProgress({ label: 'Restore', unit: 'rows', output, clock: systemClock });
      let blobs: RestoredBlobs = { files: 0, copied: 0, lacking: [] };
      const restored = await restoreInto({ url: home.url, isAside: values.aside === true }, folder, manifest, {
        migrations: allMigrations(),
        clock: systemClock,
        ids: systemIds(systemClock),
        signal,
        onProgress: (rows) => progress.at(rows),
        beforeUse: async (db) => {
          const deps = { ...blobsOf(config, db, keyring), randomness: systemRandomness };
          blobs = await restoreBlobs(deps, folder, manifest, { signal });
          await restoreSmallFiles(smallFilesOf(config), folder, manifest.files);
        },
      });
      progress.end();
      tell(output, restored, blobs);
      return blobs.lacking.length === 0 ? exitCode.done : exitCode.failed;
    } finally {
      home.stopping();
      await home.close();
    }
  },
};

export const restore: Command = interruptible(restoreCommand);

function tell(output: Output, { rows, milliseconds, manifest, aside, epoch }: Restored, blobs: RestoredBlobs): void {
  const say = (line: string): void => void output.write(`${line}\n`);
  say(`Restored and compared: ${rows} rows as of ${new Date(manifest.at).toISOString()}, in ${seconds(milliseconds)}.`);
  say(`Blobs: ${blobs.files} in the backup, ${blobs.copied} put back.`);
  if (aside !== undefined)
    say(`The database that was there is called ${aside} now. Drop it when nobody needs it any more.`);
  if (blobs.lacking.length > 0) {
    say(
      `${blobs.lacking.length} blobs are missing or damaged. They are asked for from other nodes when these run again:`,
    );
    for (const name of blobs.lacking.slice(0, 10)) say(`  ${name}`);
  }
  say('');
  say('What to do next:');
  const steps = [
    'Start the node: npm start',
    epoch === 'begun'
      ? 'This node has a new epoch. Leave the nodes below and above running: they compare with it by themselves, and send what it lacks.'
      : 'This node has never had to do with other nodes. What was written since the backup is on paper or lost: see docs/runbook.md, "After".',
    'Everybody signs in again. Access that was taken back since the backup is back: go through revoked certificates (fyr ca list), blocks and clients.',
    'fyr log verify tells where the access log ends; what came after is in the seals that neighbours keep.',
    'Make a backup at once, into another folder.',
  ];
  for (const [i, step] of steps.entries()) say(`  ${i + 1}. ${step}`);
}
