/** The text of an RTF file (RTF 1.9.1): words, paragraphs and tabs; everything that only says how it looks is left out. */

/** Destinations that hold no text of the document. */
const passedOver = new Set(
  'fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf themedata datastore listtable listoverridetable rsidtbl generator xmlnstbl latentstyles filetbl revtbl fldinst'.split(
    ' ',
  ),
);

const spoken: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n\n',
  page: '\f',
  row: '\n',
  cell: '\t',
  tab: '\t',
  emdash: '—',
  endash: '–',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  '~': '\u00a0',
  _: '-',
};

type State = { isSilent: boolean; unicodeSkip: number };

const token = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}]+)/g;

/** The text of an RTF file. What is broken in it is passed over: it never throws. */
export function textOfRtf(source: string): string {
  const stack: State[] = [];
  let state: State = { isSilent: false, unicodeSkip: 1 };
  const out: string[] = [];
  let toSkip = 0;
  const decoder = new TextDecoder('windows-1252');
  const say = (text: string): void => {
    if (!state.isSilent) out.push(text);
  };
  for (const [, word, argument, hex, symbol, brace, plain] of source.matchAll(token)) {
    if (brace === '{') stack.push({ ...state });
    else if (brace === '}') state = stack.pop() ?? state;
    else if (hex !== undefined) {
      if (toSkip > 0) toSkip--;
      else say(decoder.decode(Uint8Array.of(Number.parseInt(hex, 16))));
    } else if (symbol !== undefined) {
      if (symbol === '*') state.isSilent = true;
      else say(spoken[symbol] ?? (/[\\{}]/.test(symbol) ? symbol : symbol === '\n' || symbol === '\r' ? '\n' : ''));
    } else if (word === 'u' && argument !== undefined) {
      say(String.fromCharCode(Number(argument) & 0xffff));
      toSkip = state.unicodeSkip;
    } else if (word === 'uc') state.unicodeSkip = Math.min(Number(argument ?? 1), 8);
    else if (word !== undefined) {
      if (passedOver.has(word)) state.isSilent = true;
      else say(spoken[word] ?? '');
    } else if (plain !== undefined) {
      const text = plain.replace(/[\r\n]/g, '');
      say(text.slice(toSkip));
      toSkip = Math.max(0, toSkip - text.length);
    }
  }
  return out.join('').trim();
}
