/**
 * What is being typed, kept in this browser under the person's name until it is sent: it outlives a reload, a session that ran out, a new sign-in and
 * a line that is down. After three days it is forgotten.
 */
import { useState } from 'react';
import { useSignedIn } from '../session/queries.ts';

const keptDays = 3;
const prefix = 'fyr-draft ';

type Kept = { id: string; at: number; value: unknown };

export type DraftOf<Value> = {
  /** Stays the same until the draft is forgotten: by it the node knows what it was sent before. */
  id: string;
  value: Value;
  /** When what is here was typed, milliseconds since 1970; undefined while nothing was typed. */
  keptAt: number | undefined;
  write(value: Value): void;
  forget(): void;
};

/** @param about what is written, of whom @param initial what stands there before anything is typed */
export function useDraftOf<Value>(about: string, initial: Value): DraftOf<Value> {
  const key = `${prefix}${useSignedIn()?.id ?? ''} ${about}`;
  const [kept, setKept] = useState<Kept>(() => read(key) ?? { id: crypto.randomUUID(), at: 0, value: initial });
  return {
    id: kept.id,
    value: kept.value as Value,
    keptAt: kept.at === 0 ? undefined : kept.at,
    write(value) {
      const next = { id: kept.id, at: Date.now(), value };
      setKept(next);
      localStorage.setItem(key, JSON.stringify(next));
    },
    forget() {
      setKept({ id: crypto.randomUUID(), at: 0, value: initial });
      localStorage.removeItem(key);
    },
  };
}

export type Draft = { text: string; write(text: string): void; forget(): void };

/** A single text. */
export function useDraft(about: string): Draft {
  const { value, write, forget } = useDraftOf(about, '');
  return { text: value, write, forget };
}

function read(key: string): Kept | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
    return kept === null || typeof kept.id !== 'string' ? undefined : kept;
  } catch {
    return undefined;
  }
}

/** When the pages start: what nobody came back to goes. */
export function forgetOldDrafts(now: number): void {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
    const at = read(key)?.at ?? 0;
    if (now - at > keptDays * 86_400_000) localStorage.removeItem(key);
  }
}

/** What of somebody's is not sent yet: `about` of each, newest first. */
export function draftsOf(person: string): { about: string; at: number }[] {
  const own = `${prefix}${person} `;
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(own))
    .map((key) => ({ about: key.slice(own.length), at: read(key)?.at ?? 0 }))
    .sort((a, b) => b.at - a.at);
}
