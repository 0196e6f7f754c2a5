import { expect, test } from 'vitest';
import { createRequestsAtOnce } from './requests-at-once.ts';

const request = (): object => ({});

test('who asks more at once than there are places for is refused after a while, and at once where very many wait', async () => {
  const atOnce = createRequestsAtOnce({ placesMax: 1, waitingMax: 1, waitMs: 5 });
  expect(atOnce.take('one', request())).toBeUndefined();
  const second = expect(atOnce.take('one', request())).rejects.toMatchObject({ kind: 'busy' });
  await expect(atOnce.take('one', request())).rejects.toMatchObject({ kind: 'busy', retryAfterSeconds: 1 });
  await second;
  await expect(atOnce.take('one', request())).rejects.toMatchObject({ kind: 'busy' });
});

test('a place that is given back is the next one’s, in the order in which they came; others are not held back', async () => {
  const atOnce = createRequestsAtOnce({ placesMax: 2 });
  const [first, second, third, fourth] = [request(), request(), request(), request()];
  expect([atOnce.take('one', first), atOnce.take('one', second)]).toEqual([undefined, undefined]);
  const begun: string[] = [];
  void atOnce.take('one', third)?.then(() => begun.push('third'));
  const last = atOnce.take('one', fourth)?.then(() => begun.push('fourth'));
  expect(atOnce.take('other', request())).toBeUndefined();
  atOnce.leave(first);
  atOnce.leave(second);
  await last;
  expect(begun).toEqual(['third', 'fourth']);
  const [fifth, sixth] = [request(), request()];
  const waiting = atOnce.take('one', fifth);
  atOnce.leave(fifth);
  await waiting;
  atOnce.leave(third);
  expect(atOnce.take('one', sixth)).toBeUndefined();
});

test('a request takes one place however often it says who asks, and one that went away while it waited takes none', async () => {
  const atOnce = createRequestsAtOnce({ placesMax: 1 });
  const [first, gone, last] = [request(), request(), request()];
  expect([atOnce.take('one', first), atOnce.take('one', first)]).toEqual([undefined, undefined]);
  const left = atOnce.take('one', gone);
  const waiting = atOnce.take('one', last);
  atOnce.leave(gone);
  await left;
  atOnce.leave(first);
  await waiting;
  atOnce.leave(last);
  expect(atOnce.take('one', request())).toBeUndefined();
});

test('without a limit nobody waits', () => {
  const atOnce = createRequestsAtOnce({ placesMax: 0 });
  for (let asked = 0; asked < 1000; asked++) expect(atOnce.take('one', request())).toBeUndefined();
});
