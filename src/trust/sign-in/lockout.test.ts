import { afterAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { createLockout } from './lockout.ts';

const db = testDatabase();
afterAll(() => db.end());
const ahead = { ms: 0 };
const clock = { now: () => Date.now() + ahead.ms };
const lockout = createLockout(db, clock);
const minute = 60_000;
const fresh = (): string => `192.0.2.${Math.floor(Math.random() * 1e9)}`;

test('a burst of failures at two processes is counted whole, and locks at both', async () => {
  const who = { address: fresh(), credential: fresh() };
  const other = createLockout(db, clock);
  await Promise.all([1, 2, 3, 4, 5].map((i) => (i % 2 ? lockout : other).failed(who)));
  await expect(lockout.refuseLocked(who)).rejects.toThrow('Try again in 15 minutes');
  await expect(createLockout(db, clock).refuseLocked(who)).rejects.toMatchObject({ kind: 'busy' });
});

test('each lock is twice as long as the one before', async () => {
  const credential = fresh();
  const failFive = async (): Promise<string> => {
    for (let i = 0; i < 5; i++) await lockout.failed({ address: fresh(), credential });
    return lockout.refuseLocked({ address: fresh(), credential }).then(
      () => 'open',
      (error: Error) => error.message,
    );
  };
  expect(await failFive()).toContain('15 minutes');
  ahead.ms += 16 * minute;
  expect(await failFive()).toContain('30 minutes');
  ahead.ms += 31 * minute;
  expect(await failFive()).toContain('60 minutes');
  ahead.ms = 0;
});

test('an address locks later than a credential, and its failures far apart do not count together', async () => {
  const address = fresh();
  for (let i = 0; i < 99; i++) await lockout.failed({ address });
  await lockout.refuseLocked({ address });
  ahead.ms += 16 * minute;
  await lockout.failed({ address });
  await lockout.refuseLocked({ address });
  for (let i = 0; i < 99; i++) await lockout.failed({ address });
  await expect(lockout.refuseLocked({ address })).rejects.toThrow('Too many');
  ahead.ms = 0;
});

test('one who gets in is forgiven; the address is not', async () => {
  const [address, credential] = [fresh(), fresh()];
  for (let i = 0; i < 4; i++) await lockout.failed({ address, credential });
  await lockout.succeeded({ address, credential });
  await lockout.failed({ address, credential });
  await lockout.refuseLocked({ address, credential });
});

test('an IPv6 network is one address, however it is written', async () => {
  const net = `2001:db8:${Math.floor(Math.random() * 65_535).toString(16)}:7`;
  for (let i = 0; i < 100; i++) await lockout.failed({ address: `${net}::${i.toString(16)}` });
  await expect(lockout.refuseLocked({ address: `${net.toUpperCase()}:0:0:0:ffff` })).rejects.toThrow('Too many');
  await lockout.refuseLocked({ address: net.replace(/:7$/, ':8::1') });
});
