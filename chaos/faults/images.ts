/** Faults of where images and documents lie: the archive of a hospital is gone, and comes back not whole. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeName } from '../topology.ts';
import { readBlobs } from '../store.ts';
import { systemName } from '../tokens.ts';
import type { Fault, Strike } from './fault.ts';
import { until } from './until.ts';

const withinMs = 60_000;

type Kept = { id: string; text: string; sha256: string };

/** Every access to the archive fails for some seconds, as when the storage behind it is gone. Of what comes back one file is lost and one is damaged. */
export const archiveGone: Fault = {
  id: 'F12',
  name: 'archive of a hospital gone, and back with one image lost and one damaged',
  aloneAt: ['central'],
  async strike(strike) {
    const { trial, tally, wait, note } = strike;
    const central = trial.topology.node('central');
    const kept = [await keep(strike, 1), await keep(strike, 2), await keep(strike, 3)];
    const safe = async (): Promise<string[]> => [...(await readBlobs(central.db))].filter(isAbove).map(([sha]) => sha);
    const isSafe = await until(async () => {
      const above = await safe();
      return kept.every(({ sha256 }) => above.includes(sha256));
    }, withinMs);
    tally.check('I10', isSafe, 'central', () => 'what is kept did not come to the node above');
    for (const one of kept) await checkRead(strike, 'region', one, 'I10', true);
    const folder = join(central.folder, 'blobs');
    const away = `${folder}-away`;
    const files = filesIn(folder);
    renameSync(folder, away);
    // A plain file in its place: nothing below it can be opened or made.
    writeFileSync(folder, '');
    const told = await Promise.all(kept.map((one) => checkRead(strike, 'central', one, 'I9', false)));
    const refused = await send(strike, `${kept.length} ${trial.history.operations.length} while it is gone`);
    tally.check('I10', refused.status !== 201, 'central', () => 'an image is taken that can not be kept');
    tally.check('I13', refused.status === 503, 'central', () => `an image without an archive: ${refused.status}`);
    for (const one of kept) await checkRead(strike, 'region', one, 'I13', true);
    await wait(3000);
    rmSync(folder);
    renameSync(away, folder);
    note(`without an archive: reading answered by ${told.join(', ')}, sending by ${refused.status}`);
    const [lost = '', damaged = ''] = files;
    rmSync(join(folder, lost));
    spoil(join(folder, damaged));
    const began = performance.now();
    const statuses: number[] = [];
    const isWhole = await until(async () => {
      for (const one of kept) {
        const { status, text } = await read(strike, 'central', one);
        statuses.push(status);
        if (status !== 200) return false;
        tally.check('I9', text === one.text, 'central', () => `other content: ${text.slice(0, 80)}`);
      }
      return true;
    }, withinMs);
    tally.check('I9', isWhole, 'central', () => 'what the archive lost was not healed from the node above');
    note(
      `whole again ${((performance.now() - began) / 1000).toFixed(1)} s after the archive was back (${statuses.join(', ')})`,
    );
  },
};

const isAbove = ([, copies]: readonly [string, readonly string[]]): boolean => copies.includes('region');

async function keep(strike: Strike, number: number): Promise<Kept> {
  const text = `Røntgen thorax ${number}, ${strike.trial.history.operations.length}. Ingen funn.`;
  const { status, body } = await send(strike, text);
  if (status !== 201) throw new Error(`A document is answered by ${status}: ${JSON.stringify(body)}`);
  return { id: String(body['id']), text, sha256: createHash('sha256').update(text).digest('hex') };
}

async function send({ trial }: Strike, text: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const about = { patient: trial.patients[0]?.id, title: 'Røntgen thorax' };
  const answer = await fetch(`${trial.topology.node('central').url}/api/documents`, {
    method: 'POST',
    headers: {
      ...trial.headersOf('central', systemName),
      'content-type': 'text/plain',
      'fyr-document': encodeURIComponent(JSON.stringify(about)),
    },
    body: text,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function read({ trial }: Strike, at: NodeName, { id }: Kept): Promise<{ status: number; text: string }> {
  const headers = trial.headersOf(at, systemName);
  const answer = await fetch(`${trial.topology.node(at).url}/api/documents/${id}/content`, { headers });
  return { status: answer.status, text: await answer.text() };
}

/** What is given out is what was kept; where it must be, it is given out. */
async function checkRead(
  strike: Strike,
  at: NodeName,
  kept: Kept,
  promise: 'I9' | 'I10' | 'I13',
  isWanted: boolean,
): Promise<number> {
  let { status, text } = await read(strike, at, kept);
  // The record itself may still be on its way there.
  if (isWanted && status === 404)
    await until(async () => {
      ({ status, text } = await read(strike, at, kept));
      return status === 200;
    }, withinMs);
  const isRight = status === 200 ? text === kept.text : !isWanted && status === 503;
  strike.tally.check(promise, isRight, at, () => `a document is answered by ${status}: ${text.slice(0, 80)}`);
  return status;
}

/** Sealed files, below the folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[0-9a-f]{64}$/.test(name) && statSync(join(folder, name)).isFile())
    .sort();
}

function spoil(file: string): void {
  const bytes = readFileSync(file);
  const at = bytes.length - 20;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
