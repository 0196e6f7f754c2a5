/**
 * What is being typed, kept in this browser tab under the person's name until it is sent: it outlives a reload, a session that ran out, and a
 * line that is down. Not longer than the tab, since the machine may be shared.
 */
import { useState } from 'react';
import { useSignedIn } from '../session/queries.ts';

export type Draft = { text: string; write(text: string): void; forget(): void };

export function useDraft(about: string): Draft {
  const key = `fyr-draft ${useSignedIn()?.id ?? ''} ${about}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  return {
    text,
    write(next) {
      setText(next);
      sessionStorage.setItem(key, next);
    },
    forget() {
      setText('');
      sessionStorage.removeItem(key);
    },
  };
}
