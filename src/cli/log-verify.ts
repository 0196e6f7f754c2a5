/** `fyr log verify`: was the access log touched? */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { createProgress } from '#kernel/progress.ts';
import { Fault } from '#kernel/fault.ts';
import {
  anchorsIn,
  findingLine,
  readAnchors,
  readLogKey,
  timeOf,
  numberAt,
  verifyCopies,
  verifyLog,
  type CopiesVerified,
  type Verified,
  type Witness,
} from '#trust/access-log/index.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { readPublicKey, withLogDatabase, type LogDatabase } from './log-access.ts';

const shownMax = 200;

export const logVerify: Command = {
  name: 'log verify',
  takes: '[--from <n|date>] [--to <n|date>] [--public-key <file>] [--neighbour <file>] [--anchors <folder>]',
  summary: 'Checks that no entry of the access log was altered, removed, inserted, moved or cut off',
  help: `
Believes nothing in the database but what the node's key signed. Which entry it is, when and by whom, is told for each.
The end of the log is held against the anchors in the data folder (another folder: --anchors), and against what a neighbour has kept
(its file of fyr log kept <node>). Without either, entries that were cut off together with their seals can not be noticed.
The copies of the logs of nodes below are walked too, unless --from or --to is given. The key is that of the data folder, or the one in --public-key, which you got from elsewhere. Works beside a running node.

  fyr log verify
  fyr log verify --from 2026-11-01 --neighbour seals-kept-by-the-site.txt

Exit codes: 0 nothing was touched, 1 something was found (the first ${shownMax} are shown), 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    const { values, positionals } = parseWords(logVerify, words, {
      from: { type: 'string' },
      to: { type: 'string' },
      'public-key': { type: 'string' },
      neighbour: { type: 'string', multiple: true },
      anchors: { type: 'string' },
    });
    if (positionals.length > 0) throw wrongUse(logVerify, 'fyr log verify takes options only');
    return withLogDatabase(context, 'log verify', async (log) => {
      const from = await placeOf(log, values.from, 'from');
      const to = await placeOf(log, values.to, 'to');
      const publicKey = keyFor(context, log, values['public-key']);
      const witnesses = witnessesOf(context, log, values.anchors, values.neighbour ?? []);
      return verify(context, log, { from, to, publicKey, witnesses });
    });
  },
};

type Asked = {
  from: number | undefined;
  to: number | undefined;
  publicKey: KeyObject | undefined;
  witnesses: readonly Witness[];
};

async function verify(context: CommandContext, { db, config }: LogDatabase, asked: Asked): Promise<number> {
  const { output, signal } = context;
  const progress = createProgress({ label: 'Verify', unit: 'entries', output, clock: systemClock });
  const lines: string[] = [];
  let count = 0;
  const verified = await verifyLog(db, {
    node: config.node,
    ...(asked.from === undefined ? {} : { from: asked.from }),
    ...(asked.to === undefined ? {} : { to: asked.to }),
    ...(asked.publicKey ? { publicKey: asked.publicKey } : {}),
    witnesses: asked.witnesses,
    onFinding: (finding) => {
      if (count++ < shownMax) lines.push(findingLine(finding));
    },
    goOn: (entries, total) => {
      progress.at(entries, total);
      return !signal.aborted;
    },
  });
  progress.end();
  if (signal.aborted) {
    output.write('Interrupted: not all of it was checked.\n');
    return exitCode.interrupted;
  }
  // Parts of the own log are asked for by number: the copies are walked when all of it is.
  const isAll = asked.from === undefined && asked.to === undefined;
  const copies = isAll
    ? await verifyCopies(db, (node, finding) => {
        if (count++ < shownMax) lines.push(`Copy of ${node}: ${findingLine(finding)}`);
      })
    : [];
  for (const line of [...lines, ...copies.map(copyLine), ...summary(verified, count, asked)]) output.write(`${line}\n`);
  return count === 0 && verified.isWhole ? exitCode.done : exitCode.failed;
}

function copyLine({ node, entries, seals, prunedEntry }: CopiesVerified): string {
  const gone = prunedEntry === 0 ? '' : ` Those up to ${prunedEntry} were taken away, as this log says.`;
  return `Copy of the log of ${node}: ${entries} entries under ${seals} seals.${gone}`;
}

function summary(verified: Verified, count: number, { publicKey, witnesses }: Asked): string[] {
  const { entries, seals, unsealed, sealedUntil, pruned } = verified;
  const lines = [
    `${entries} entries under ${seals} seals${sealedUntil === undefined ? '' : `, sealed until ${timeOf(sealedUntil)}`}; ${unsealed} not sealed yet.`,
  ];
  if (pruned)
    lines.push(`Entries up to ${pruned.last} were taken away on ${timeOf(pruned.at)}, as entry ${pruned.record} says.`);
  if (witnesses.length === 0)
    lines.push(
      'No anchors and no neighbour were asked: an end that was cut off together with its seals would not be noticed.',
    );
  else lines.push(`The end was held against ${witnesses.map(({ name }) => name).join(' and ')}.`);
  if (!publicKey)
    lines.push(
      'The key was taken from the database itself: give --public-key to notice a log that was made anew from its beginning.',
    );
  lines.push(count === 0 ? 'Nothing was touched.' : `${count} ${count === 1 ? 'thing was' : 'things were'} found.`);
  return lines;
}

/** A number as it is; a date as the first entry of that day (`to`: the last before the next). */
async function placeOf(
  { db }: LogDatabase,
  text: string | undefined,
  name: 'from' | 'to',
): Promise<number | undefined> {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(day))
    throw new Fault('invalid', `--${name} must be the number of an entry, or a day such as 2026-11-01.`);
  const first = await numberAt(db, name === 'from' ? day : day + 86_400_000);
  return first === undefined || name === 'from' ? first : Math.max(first - 1, 1);
}

function keyFor(context: CommandContext, { config }: LogDatabase, path: string | undefined): KeyObject | undefined {
  if (path !== undefined) return readPublicKey(context, path);
  const own = readLogKey(config.accessLog.keyFile);
  return own && createPublicKey(own);
}

function witnessesOf(
  context: CommandContext,
  { config }: LogDatabase,
  anchors: string | undefined,
  neighbours: readonly string[],
): Witness[] {
  const folder = anchors === undefined ? config.accessLog.anchorFolder : resolve(context.folder, anchors);
  const files = neighbours.map((path) => resolve(context.folder, path));
  return [
    { name: `the anchors in ${folder}`, anchors: readAnchors(folder) },
    ...files.map((path) => ({ name: `the neighbour in ${path}`, anchors: anchorsIn(path) })),
  ];
}
