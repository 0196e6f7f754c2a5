/** A process of its own that writes entries and seals them: `<database> <key file> <anchor folder> <count | kill>`. With `kill` it ends without sealing. */
import { systemClock } from '#kernel/clock.ts';
import { openAccessLog, openLogKey, type AccessEntry } from './index.ts';

const [databaseUrl = '', keyFile = '', anchorFolder = '', count = ''] = process.argv.slice(2);
const log = await openAccessLog({
  databaseUrl,
  clock: systemClock,
  node: 'test',
  privateKey: openLogKey(keyFile),
  anchorFolder,
  report: (_event, error) => {
    throw error;
  },
});
const entry = (i: number): AccessEntry => ({
  at: systemClock.now(),
  action: 'read',
  patient: `patient-${i % 7}`,
  request: `${process.pid}-${i}`,
  who: { kind: 'system', reference: `client-${process.pid}`, name: 'Another process' },
  what: { types: { Observation: 1 }, resources: [] },
  purpose: 'SYSTEM',
  ground: 'test',
  outcome: 'allowed',
  from: { address: '127.0.0.1' },
});
if (count === 'kill') {
  await Promise.all(Array.from({ length: 20 }, (_, i) => log.append([entry(i)])));
  process.kill(process.pid, 'SIGKILL');
}
log.start();
for (let i = 0; i < Number(count); i += 10) {
  await Promise.all(Array.from({ length: 10 }, (_, j) => log.append([entry(i + j)])));
  await log.seal();
}
await log.stop();
