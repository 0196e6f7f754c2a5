/**
 * What is being typed, kept sealed in this browser until it is sent. The keys come from the node with the session: a draft outlives a reload, a line
 * that is down, a session that ran out and signing out, and is read by nobody before the same person has signed in again. After three days it is forgotten.
 */
import type { DraftKeys } from '#trust/encryption/contract.ts';

const keptDays = 3;
const prefix = 'fyr-sealed-draft ';
/** As drafts lay before they were sealed. */
const plainPrefix = 'fyr-draft ';

export type Kept = { id: string; at: number; value: unknown };
type Opened = Kept & { about: string };
/** As it lies in the browser, all base64: `by` names the key. */
type Sealed = { by: string; at: number; nonce: string; sealed: string };

export type Drafts = {
  /** Whose they are; undefined where nobody has signed in: then they live as long as the page. */
  readonly person: string | undefined;
  find(about: string): Kept | undefined;
  keep(about: string, kept: Kept): void;
  forget(about: string): void;
  /** What is not sent yet, newest first. */
  list(): { about: string; at: number }[];
};

/** The drafts of whoever is signed in; another's when another signs in. */
export type DraftsHolder = {
  current(): Drafts;
  /** Opens those of a person, before the pages draw; without keys none. @param keys as the node gave them */
  open(person: string | undefined, keys: () => Promise<DraftKeys>): Promise<void>;
};

export function createDrafts(storage: Storage = localStorage): DraftsHolder {
  let drafts: Drafts = keptInPage();
  let opening: { person: string | undefined; done: Promise<void> } = { person: undefined, done: Promise.resolve() };
  return {
    current: () => drafts,
    open(person, keys) {
      if (opening.person === person) return opening.done;
      const done = (async () => {
        drafts = person === undefined ? keptInPage() : await openVault(storage, person, await importKeys(await keys()));
      })();
      opening = { person, done };
      opening.done = done.catch(() => {
        // Without keys one still works, what is typed lives as long as the page, and the node is asked again with the next one.
        drafts = keptInPage();
        opening = { person: undefined, done: Promise.resolve() };
      });
      return opening.done;
    },
  };
}

function keptInPage(known = new Map<string, Kept>(), person?: string): Drafts {
  return {
    person,
    find: (about) => known.get(about),
    keep: (about, kept) => void known.set(about, kept),
    forget: (about) => void known.delete(about),
    list: () => [...known].map(([about, { at }]) => ({ about, at })).sort((a, b) => b.at - a.at),
  };
}

type Keys = ReadonlyMap<string, CryptoKey>;

async function importKeys({ keys }: DraftKeys): Promise<Keys> {
  const made = keys.map(async ({ id, key }) => {
    const imported = crypto.subtle.importKey('raw', bytesOf(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
    return [id, await imported] as const;
  });
  return new Map(await Promise.all(made));
}

/** All of a person's drafts are opened at once: pages read them as they draw. */
async function openVault(storage: Storage, person: string, keys: Keys): Promise<Drafts> {
  const known = new Map<string, Kept>();
  const places = new Map<string, string>();
  const inPage = keptInPage(known, person);
  const own = `${prefix}${person} `;
  const take = async (place: string): Promise<void> => {
    const opened = await unseal(keys, person, storage.getItem(place));
    if (opened === undefined) return;
    const { about, ...kept } = opened;
    if ((known.get(about)?.at ?? -1) > kept.at) return;
    known.set(about, kept);
    places.set(about, place);
  };
  // One after the other, so that what was typed last is what lies there.
  let writing: Promise<unknown> = Promise.resolve();
  const keep = (about: string, kept: Kept): void => {
    const place = places.get(about) ?? `${own}${crypto.randomUUID()}`;
    known.set(about, kept);
    places.set(about, place);
    // One that the browser had no room for stops none of the next.
    const before = writing.catch(() => undefined);
    writing = before.then(async () => {
      const sealed = await seal(keys, person, { about, ...kept });
      if (known.get(about) === kept) storage.setItem(place, sealed);
    });
  };
  await Promise.all(placesIn(storage, own).map(take));
  for (const [about, kept] of takePlain(storage, person)) keep(about, kept);
  listenToOtherWindows(own, take, (place) => {
    for (const [about, at] of places) if (at === place) known.delete(about);
  });
  return {
    ...inPage,
    keep,
    forget(about) {
      inPage.forget(about);
      const place = places.get(about);
      if (place !== undefined) storage.removeItem(place);
    },
  };
}

function listenToOtherWindows(
  own: string,
  take: (place: string) => Promise<void>,
  gone: (place: string) => void,
): void {
  if (typeof window === 'undefined') return;
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key?.startsWith(own) !== true) return;
    if (newValue === null) gone(key);
    else void take(key);
  });
}

async function seal(keys: Keys, person: string, draft: Opened): Promise<string> {
  const [first] = keys;
  if (first === undefined) throw new Error('The node gave no key for drafts.');
  const [by, key] = first;
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(draft));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: boundTo(person) },
    key,
    text,
  );
  const kept: Sealed = { by, at: draft.at, nonce: base64Of(nonce), sealed: base64Of(new Uint8Array(sealed)) };
  return JSON.stringify(kept);
}

/** Undefined for what can't be read: damaged, or by a key that is gone. */
async function unseal(keys: Keys, person: string, text: string | null): Promise<Opened | undefined> {
  try {
    const { by, nonce, sealed } = JSON.parse(text ?? '') as Sealed;
    const key = keys.get(by);
    if (key === undefined) return undefined;
    const how = { name: 'AES-GCM', iv: bytesOf(nonce), additionalData: boundTo(person) };
    const opened = await crypto.subtle.decrypt(how, key, bytesOf(sealed));
    return JSON.parse(new TextDecoder().decode(opened)) as Opened;
  } catch {
    return undefined;
  }
}

const boundTo = (person: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(`fyr-draft-1 ${person}`);

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.codePointAt(0) as number);
}

function placesIn(storage: Storage, start: string): string[] {
  return Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '').filter((key) =>
    key.startsWith(start),
  );
}

/** What lay unsealed is sealed as soon as its owner is here. */
function takePlain(storage: Storage, person: string): [string, Kept][] {
  const own = `${plainPrefix}${person} `;
  return placesIn(storage, own).flatMap((place): [string, Kept][] => {
    const kept = jsonOf(storage.getItem(place)) as Kept | undefined;
    storage.removeItem(place);
    return typeof kept?.id === 'string' ? [[place.slice(own.length), kept]] : [];
  });
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** When the pages start: what nobody came back to goes. */
export function forgetOldDrafts(now: number, storage: Storage = localStorage): void {
  for (const place of [...placesIn(storage, prefix), ...placesIn(storage, plainPrefix)]) {
    const at = (jsonOf(storage.getItem(place)) as { at?: number } | undefined)?.at ?? 0;
    if (now - at > keptDays * 86_400_000) storage.removeItem(place);
  }
}
