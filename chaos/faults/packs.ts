/** Faults of what lies ready for the day when nothing runs: the packs of a ward. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { again } from './processes.ts';
import type { Fault, Strike } from './fault.ts';
import { until } from './until.ts';

const timesKilled = 3;

/** The power goes while a pack is made and written: the one before must still be there, and whole. */
export const killedInPack: Fault = {
  id: 'F24',
  name: 'the ward killed while a pack is made',
  async strike(strike) {
    const { trial, wait, tally, note } = strike;
    const ward = trial.topology.node('ward');
    const { wards } = JSON.parse((await ask(strike, 'GET')).text) as { wards: readonly { id: string }[] };
    const place = wards[0]?.id;
    if (place === undefined) throw new Error('The ward has nobody in a bed.');
    const made = await ask(strike, 'POST', place);
    tally.check('I13', made.status === 200, 'ward', () => `a pack is answered by ${made.status}: ${made.text}`);
    for (let times = 1; times <= timesKilled; times++) {
      const making = ask(strike, 'POST', place).catch(() => {});
      await wait(60 * times);
      await ward.kill();
      await making;
      await again(strike, 'ward');
      const { status, text } = await ask(strike, 'GET', `${place}/latest.html`);
      const isWhole = status === 200 && text.trimEnd().endsWith('</html>');
      tally.check('I13', isWhole, 'ward', () => `no whole pack after the ward was killed: ${status}`);
    }
    const folder = join(ward.folder, 'packs', place);
    const isCleared = await until(() => Promise.resolve(packsIn(folder).every((name) => name.endsWith('.pack'))), 1000);
    note(`${packsIn(folder).length} packs on the disk${isCleared ? '' : ', and what was being written'}`);
    for (const name of packsIn(folder).filter((one) => one.endsWith('.pack')))
      tally.check('I9', readFileSync(join(folder, name)).length > 0, 'ward', () => `${name} is empty`);
  },
};

function packsIn(folder: string): string[] {
  return readdirSync(folder);
}

async function ask({ trial }: Strike, method: string, path?: string): Promise<{ status: number; text: string }> {
  const { url } = trial.topology.node('ward');
  const headers = { ...trial.headersOf('ward', 'nurse'), 'content-type': 'application/json' };
  const body = method === 'POST' ? { body: '{}' } : {};
  const answer = await fetch(`${url}/api/packs${path === undefined ? '' : `/${path}`}`, { method, headers, ...body });
  return { status: answer.status, text: await answer.text() };
}
