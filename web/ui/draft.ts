/** What is being typed on a page, kept until it is sent (`drafts.ts` says where). */
import { createContext, use, useState } from 'react';
import type { Drafts, DraftsHolder, Kept } from './drafts.ts';

export const DraftsContext = createContext<DraftsHolder | undefined>(undefined);

function useDrafts(): Drafts {
  const holder = use(DraftsContext);
  if (holder === undefined) throw new Error('Drafts are kept by the application that a page is in.');
  return holder.current();
}

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
  const now = useDrafts();
  // Those of who began to type: that a session ran out meanwhile loses nothing.
  const [drafts] = useState(now);
  const [kept, setKept] = useState<Kept>(
    () => drafts.find(about) ?? { id: crypto.randomUUID(), at: 0, value: initial },
  );
  return {
    id: kept.id,
    value: kept.value as Value,
    keptAt: kept.at === 0 ? undefined : kept.at,
    write(value) {
      const next = { id: kept.id, at: Date.now(), value };
      setKept(next);
      drafts.keep(about, next);
    },
    forget() {
      setKept({ id: crypto.randomUUID(), at: 0, value: initial });
      drafts.forget(about);
    },
  };
}

export type Draft = { text: string; write(text: string): void; forget(): void };

/** A single text. */
export function useDraft(about: string): Draft {
  const { value, write, forget } = useDraftOf(about, '');
  return { text: value, write, forget };
}

/** What of one's own is not sent yet: `about` of each, newest first. */
export function useDraftList(): { about: string; at: number }[] {
  return useDrafts().list();
}
