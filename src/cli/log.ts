/** `fyr log …`: the access log in an operator's hands. Verification is in `log-verify.ts`. */
import { createPublicKey } from 'node:crypto';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { once } from 'node:events';
import { systemClock } from '#kernel/clock.ts';
import { holderOf } from '#kernel/data-folder.ts';
import { Fault } from '#kernel/fault.ts';
import { systemIds } from '#kernel/ids.ts';
import { createProgress } from '#kernel/progress.ts';
import {
  anchorLine,
  changeKey,
  checkProof,
  createNeighbours,
  exportEntries,
  fingerprintOf,
  lastNumber,
  makeLogKey,
  makeProof,
  ownWork,
  pruneCopies,
  pruneLog,
  timeOf,
} from '#trust/access-log/index.ts';
import { exitCode, parseWords, wrongUse, type Command } from './command.ts';
import { entryNumber, ownLogKey, readPublicKey, withLogDatabase, withOpenLog } from './log-access.ts';
import { logVerify } from './log-verify.ts';

const ids = systemIds(systemClock);
const yearMs = 365.25 * 86_400_000;

const logProof: Command = {
  name: 'log proof',
  takes: '<number> [--out <file>]',
  summary: 'Writes a proof that one entry is in the access log',
  help: `
The proof holds the entry, its way up to the root of its seal, the seal, its signature and the public key. Whoever has it checks it alone, by
fyr log check-proof. It says what the entry says: hand it to those only who may know. Without --out it goes to the output.`,
  async run(words, context) {
    const { values, positionals } = parseWords(logProof, words, { out: { type: 'string' } });
    if (positionals.length !== 1) throw wrongUse(logProof, 'Say which entry');
    const number = entryNumber(positionals[0], 'What follows');
    return withLogDatabase(context, 'log proof', async ({ db, config }) => {
      const text = `${JSON.stringify(await makeProof(db, config.node, number), undefined, 2)}\n`;
      if (values.out === undefined) context.output.write(text);
      else {
        await writeFile(resolve(context.folder, values.out), text, { mode: 0o600 });
        context.output.write(`The proof of entry ${number} is in ${values.out}.\n`);
      }
      return exitCode.done;
    });
  },
};

const logCheckProof: Command = {
  name: 'log check-proof',
  takes: '<file> [--public-key <file>]',
  summary: 'Checks a proof of the access log by itself, without a database',
  help: `
With --public-key, the key that you got from the node in another way (fyr log key): only then a proof that somebody else made is refused.

Exit codes: 0 the entry is proven, 1 it is not, 2 wrong use.`,
  async run(words, context) {
    const { values, positionals } = parseWords(logCheckProof, words, { 'public-key': { type: 'string' } });
    const [path] = positionals;
    if (path === undefined || positionals.length > 1) throw wrongUse(logCheckProof, 'Say which file');
    const known = values['public-key'] === undefined ? undefined : readPublicKey(context, values['public-key']);
    const checked = checkProof(await readJson(resolve(context.folder, path)), known);
    if (checked.problem !== undefined) {
      context.output.write(`Not proven: ${checked.problem}\n`);
      return exitCode.failed;
    }
    const { entry, seal, fingerprint } = checked;
    context.output.write(
      [
        `Proven: entry ${entry.number} is in the access log of ${entry.node}, in seal ${seal.number} of ${timeOf(seal.sealed)}.`,
        `${timeOf(entry.at)}: ${entry.who.name} (${entry.who.reference}), ${entry.action}, ${entry.patient === undefined ? 'no patient' : `Patient/${entry.patient}`}, ${entry.outcome}.`,
        `Sealed with the key ${fingerprint}${known ? ', which is the one you gave' : '; compare it with the one that the node tells (fyr log key)'}.`,
        '',
      ].join('\n'),
    );
    return exitCode.done;
  },
};

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Fault('notFound', `${path} can not be read (${(error as NodeJS.ErrnoException).code}).`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const logExport: Command = {
  name: 'log export',
  takes: '<file> [--from <number>] [--to <number>]',
  summary: 'Writes the access log to a file, one JSON object a line',
  help: `
What an entry says, with its number, in order. The export is in the log itself. Works beside a running node.`,
  async run(words, context) {
    const { values, positionals } = parseWords(logExport, words, { from: { type: 'string' }, to: { type: 'string' } });
    const [path] = positionals;
    if (path === undefined || positionals.length > 1) throw wrongUse(logExport, 'Say which file');
    return withLogDatabase(context, 'log export', async (log) => {
      const from = values.from === undefined ? 1 : entryNumber(values.from, '--from');
      const last = await lastNumber(log.db);
      const to = values.to === undefined ? last : Math.min(entryNumber(values.to, '--to'), last);
      const query = `entries ${from} to ${to}`;
      const entry = {
        ...ownWork('log-export', { request: ids.uuid(), at: systemClock.now(), query }),
        action: 'export' as const,
      };
      await withOpenLog(log, ownLogKey(log.config), (open) => open.append([entry]));
      const progress = createProgress({
        label: 'Export',
        unit: 'entries',
        total: to - from + 1,
        output: context.output,
        clock: systemClock,
      });
      const file = createWriteStream(resolve(context.folder, path), { mode: 0o600, flags: 'wx', flush: true });
      await once(file, 'open').catch((error: unknown) => {
        throw new Fault('invalid', `${path} can not be written (${(error as NodeJS.ErrnoException).code}).`, {
          cause: error,
        });
      });
      let count = 0;
      for await (const entries of exportEntries(log.db, log.config.node, from, to)) {
        if (context.signal.aborted) break;
        if (!file.write(entries.map((each) => `${JSON.stringify(each)}\n`).join(''))) await once(file, 'drain');
        count += entries.length;
        progress.at(count);
      }
      file.end();
      await once(file, 'close');
      progress.end();
      return context.signal.aborted ? exitCode.interrupted : exitCode.done;
    });
  },
};

const logPrune: Command = {
  name: 'log prune',
  takes: '[--yes]',
  summary: 'Takes away entries of the access log that have been kept long enough (FYR_LOG_YEARS)',
  help: `
What goes is recorded in the log first, and sealed: verification goes on from there. Without --yes it only says from when on entries are kept.`,
  async run(words, context) {
    const { values, positionals } = parseWords(logPrune, words, { yes: { type: 'boolean' } });
    if (positionals.length > 0) throw wrongUse(logPrune, 'fyr log prune takes options only');
    const { years } = context.readConfig().config.accessLog;
    const before = systemClock.now() - years * yearMs;
    if (values.yes !== true) {
      context.output.write(
        `Entries are kept for ${years} years (FYR_LOG_YEARS). Those before ${timeOf(before)} go with --yes.\n`,
      );
      return exitCode.done;
    }
    return withLogDatabase(context, 'log prune', async (log) => {
      const { db, config } = log;
      const { node, accessLog } = config;
      const { pruned, copies } = await withOpenLog(log, ownLogKey(config), async (open) => {
        const deps = { db, clock: systemClock, ids, node, log: open, anchorFolder: accessLog.anchorFolder };
        return { pruned: await pruneLog(deps, before), copies: await pruneCopies(deps, before) };
      });
      for (const { node: of, last } of copies)
        context.output.write(`Of the copy of the log of ${of}, entries up to ${last} are gone.\n`);
      context.output.write(
        pruned === undefined
          ? `There is nothing from before ${timeOf(before)}.\n`
          : `Entries up to ${pruned.last} are gone. Entry ${pruned.record} says so.\n`,
      );
      return exitCode.done;
    });
  },
};

const logKey: Command = {
  name: 'log key',
  takes: '',
  summary: "Prints the public key of this node's access log, to be kept elsewhere",
  help: `
Who checks proofs or verifies the log from outside compares it. It is no secret.`,
  async run(words, context) {
    if (parseWords(logKey, words, {}).positionals.length > 0) throw wrongUse(logKey, 'fyr log key takes nothing more');
    const key = createPublicKey(ownLogKey(context.readConfig().config));
    context.output.write(String(key.export({ type: 'spki', format: 'pem' })));
    context.output.write(`Fingerprint: ${fingerprintOf(key).toString('base64url')}\n`);
    return exitCode.done;
  },
};

const logNewKey: Command = {
  name: 'log new-key',
  takes: '',
  summary: 'Gives the access log a new key, by the word of the old one',
  help: `
The change is an entry that the old key seals, and the old key signs the new one. Stop the node first: it would go on with the old key.
The old key is destroyed, since whoever has it could seal in its time.`,
  async run(words, context) {
    if (parseWords(logNewKey, words, {}).positionals.length > 0)
      throw wrongUse(logNewKey, 'fyr log new-key takes nothing more');
    const { config: before } = context.readConfig();
    if (holderOf(before.dataFolder)) throw new Fault('conflict', 'A node works in this data folder. Stop it first.');
    return withLogDatabase(context, 'log new-key', async (database) => {
      const { db, config } = database;
      const { keyFile } = config.accessLog;
      const oldKey = ownLogKey(config);
      rmSync(`${keyFile}.new`, { force: true });
      const newKey = makeLogKey(`${keyFile}.new`);
      const key = await withOpenLog(database, oldKey, async (log) => {
        const changed = await changeKey({ db, clock: systemClock, ids, node: config.node, log, oldKey, newKey });
        renameSync(`${keyFile}.new`, keyFile);
        return changed;
      });
      context.output.write(
        `From seal ${key.firstSeal} on, the log is sealed with ${key.fingerprint.toString('base64url')}.\n`,
      );
      return exitCode.done;
    });
  },
};

const logKept: Command = {
  name: 'log kept',
  takes: '<node> <file>',
  summary: "Writes the seals that this node has kept of a neighbour's access log",
  help: `
The neighbour's operator verifies with the file: fyr log verify --neighbour <file>. It holds hashes and times, nothing of a patient.`,
  async run(words, context) {
    const { positionals } = parseWords(logKept, words, {});
    const [node, path] = positionals;
    if (node === undefined || path === undefined || positionals.length > 2)
      throw wrongUse(logKept, 'Say which node, and which file');
    return withLogDatabase(context, 'log kept', async ({ db, config }) => {
      const file = createWriteStream(resolve(context.folder, path), { flush: true });
      let count = 0;
      for await (const anchor of createNeighbours(db, systemClock, config.node).kept(node)) {
        if (!file.write(anchorLine(anchor))) await once(file, 'drain');
        count++;
      }
      file.end();
      await once(file, 'close');
      context.output.write(`${count} seals of ${node} are in ${path}.\n`);
      return exitCode.done;
    });
  },
};

export const logCommands: readonly Command[] = [
  logVerify,
  logProof,
  logCheckProof,
  logExport,
  logPrune,
  logKey,
  logNewKey,
  logKept,
];
