import { expect, test } from 'vitest';
import { createDrafts, forgetOldDrafts, type Kept } from './drafts.ts';

const keyOf = (id: string, fill: number) => ({ id, key: Buffer.alloc(32, fill).toString('base64') });
const own = () => Promise.resolve({ keys: [keyOf('own', 1)] });
const kept = (value: unknown, at = 1000): Kept => ({ id: 'draft-1', at, value });

/** What a browser keeps. */
function browserStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (at) => [...items.keys()][at] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

const allOf = (storage: Storage): string =>
  Array.from(
    { length: storage.length },
    (_, at) => `${storage.key(at)} ${storage.getItem(storage.key(at) ?? '')}`,
  ).join(' ');

async function opened(storage: Storage, person: string | undefined, keys = own) {
  const holder = createDrafts(storage);
  await holder.open(person, keys);
  return holder.current();
}

test('another person reads nothing of it, and neither does another key', async () => {
  const storage = browserStorage();
  (await opened(storage, 'åse')).keep('note of 17', kept('Stabil natt'));
  await expect.poll(() => storage.length).toBe(1);
  expect((await opened(storage, 'nils')).list()).toEqual([]);
  expect((await opened(storage, undefined)).list()).toEqual([]);
  const others = () => Promise.resolve({ keys: [keyOf('own', 2)] });
  expect((await opened(storage, 'åse', others)).list()).toEqual([]);
  expect((await opened(storage, 'åse')).find('note of 17')).toEqual(kept('Stabil natt'));
});

test('what lies in the browser says neither what was typed nor about whom', async () => {
  const storage = browserStorage();
  (await opened(storage, 'åse')).keep('write note patient-17', kept('Stabil natt'));
  await expect.poll(() => storage.length).toBe(1);
  expect(allOf(storage)).not.toMatch(/Stabil|patient-17|note/);
});

test('the last that was typed is what lies there, and forgotten is gone', async () => {
  const storage = browserStorage();
  const drafts = await opened(storage, 'åse');
  for (let at = 1; at <= 20; at += 1) drafts.keep('note', kept(`word ${at}`, at));
  await expect.poll(async () => (await opened(storage, 'åse')).find('note')?.value).toBe('word 20');
  expect(storage.length).toBe(1);
  drafts.keep('note', kept('word 21', 21));
  drafts.forget('note');
  await expect.poll(async () => (await opened(storage, 'åse')).list()).toEqual([]);
});

test('a node key that was changed still opens what was typed before', async () => {
  const storage = browserStorage();
  (await opened(storage, 'åse')).keep('note', kept('before'));
  await expect.poll(() => storage.length).toBe(1);
  const changed = () => Promise.resolve({ keys: [keyOf('new', 9), keyOf('own', 1)] });
  expect((await opened(storage, 'åse', changed)).find('note')?.value).toBe('before');
});

test('a node that gives no key is asked again, and a draft that was not sealed is', async () => {
  const storage = browserStorage();
  storage.setItem('fyr-draft åse note of 17', JSON.stringify(kept('from before')));
  storage.setItem('fyr-draft nils note of 17', JSON.stringify(kept('another’s')));
  const holder = createDrafts(storage);
  await holder.open('åse', () => Promise.reject(new Error('away')));
  expect(holder.current().find('note of 17')).toBeUndefined();
  await holder.open('åse', own);
  expect(holder.current().find('note of 17')?.value).toBe('from before');
  await expect.poll(() => allOf(storage)).not.toContain('from before');
  expect(allOf(storage)).toContain('another’s');
});

test('after three days it is forgotten', async () => {
  const storage = browserStorage();
  (await opened(storage, 'åse')).keep('note', kept('old', 1000));
  await expect.poll(() => storage.length).toBe(1);
  forgetOldDrafts(1000 + 3 * 86_400_000, storage);
  expect(storage.length).toBe(1);
  forgetOldDrafts(1001 + 3 * 86_400_000, storage);
  expect(storage.length).toBe(0);
});
