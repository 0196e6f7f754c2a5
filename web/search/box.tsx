/** Where the question is written. */
import { Search } from '@navikt/ds-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { searchBox } from '../ui/slash-key.tsx';
import type { useAddress } from '../ui/use-address.ts';

/** What is typed is asked so long after the last key, and at once on Enter. */
const pauseMs = 400;

type BoxProps = {
  asked: string;
  /** Asked while it is typed. Across patients it is not: half a word would show, and log, records that nobody looks for. */
  isLive: boolean;
  change: ReturnType<typeof useAddress>[1];
};

export function Box({ asked, isLive, change }: BoxProps) {
  const { t } = useTranslation('search');
  const [typed, setTyped] = useState(asked);
  const [arrived, setArrived] = useState(asked);
  // The back button brings an earlier question.
  if (asked !== arrived) {
    setArrived(asked);
    setTyped(asked);
  }
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(waiting.current), []);
  const ask = (words: string): void => {
    clearTimeout(waiting.current);
    setArrived(words.trim());
    change((next) => {
      if (words.trim() === '') next.delete('q');
      else next.set('q', words.trim());
      next.delete('page');
    });
  };
  return (
    <form
      role="search"
      className="fyr-search-box"
      onSubmit={(event) => {
        event.preventDefault();
        ask(typed);
      }}
    >
      <Search
        ref={box}
        label={t('box')}
        hideLabel={false}
        value={typed}
        maxLength={300}
        autoComplete="off"
        {...searchBox}
        onChange={(words) => {
          setTyped(words);
          clearTimeout(waiting.current);
          if (isLive) waiting.current = setTimeout(() => ask(words), pauseMs);
        }}
        onClear={() => ask('')}
      />
    </form>
  );
}
