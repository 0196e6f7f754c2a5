/** A text with what was looked for marked. From a search it is opened at the passage that was shown. */
import { useEffect, useMemo, useRef } from 'react';
import { pieces, placeOfPassage, type Sought } from './found.ts';

type MarkedTextProps = { text: string; language: string | undefined; sought: Sought; passage: string | undefined };

export function MarkedText({ text, language, sought, passage }: MarkedTextProps) {
  const { typed, hits } = sought;
  const own = useRef<HTMLParagraphElement>(null);
  const wanted = hits.join('\n');
  const marked = useMemo(() => pieces(text, { typed, hits: wanted.split('\n') }), [text, typed, wanted]);
  useEffect(() => {
    if (wanted === '') return;
    const place = passage === undefined ? 0 : placeOfPassage(text, passage);
    if (place < 0) return;
    let at = 0;
    const first = marked.findIndex((piece) => {
      const begin = at;
      at += piece.text.length;
      return piece.isHit && begin >= place;
    });
    own.current?.children[first]?.scrollIntoView({ block: 'center' });
  }, [text, wanted, passage, marked]);
  return (
    <p ref={own} className="fyr-plain fyr-document-text" lang={language}>
      {marked.map((piece, place) =>
        piece.isHit ? <mark key={place}>{piece.text}</mark> : <span key={place}>{piece.text}</span>,
      )}
    </p>
  );
}
