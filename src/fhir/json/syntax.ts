/**
 * Finds where JSON text stops being JSON (RFC 8259). Runs only after the native parser has refused a text, since its messages
 * quote the input and often leave out the position.
 */
type Expecting = 'value' | 'firstItem' | 'firstKey' | 'key' | 'colon' | 'next' | 'end';

// One kind of character at a time: an alternation in a loop would cost the regular expression engine its stack on a long string.
const blanks = /[ \t\n\r]+/y;
// oxlint-disable-next-line no-control-regex -- control characters are exactly what a JSON string must not have
const characters = /[^"\\\u0000-\u001f]+/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const scalar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

/** A walk over the tokens of one text. */
class Tokens {
  at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The next character that is not blank; undefined at the end. */
  peek(): string | undefined {
    if (this.text.charCodeAt(this.at) <= 0x20) this.skip(blanks);
    return this.text[this.at];
  }

  skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  skipCharacter(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  skipString(): boolean {
    if (!this.skipCharacter('"')) return false;
    while (!this.skipCharacter('"')) if (!this.skip(characters) && !this.skip(escape)) return false;
    return true;
  }
}

/** Offset of the first character that no JSON text can have there; the length of the text when it ends too early. */
export function findSyntaxError(text: string): number {
  const open: ('{' | '[')[] = [];
  const tokens = new Tokens(text);
  let expecting: Expecting = 'value';
  for (;;) {
    const character = tokens.peek();
    if (character === undefined) return tokens.at;
    const innermost = open.at(-1);
    if (mayClose(expecting) && innermost !== undefined && tokens.skipCharacter(innermost === '{' ? '}' : ']')) {
      open.pop();
      expecting = open.length === 0 ? 'end' : 'next';
    } else if (expecting === 'firstKey' || expecting === 'key') {
      if (!tokens.skipString()) return tokens.at;
      expecting = 'colon';
    } else if (expecting === 'colon') {
      if (!tokens.skipCharacter(':')) return tokens.at;
      expecting = 'value';
    } else if (expecting === 'next') {
      if (!tokens.skipCharacter(',')) return tokens.at;
      expecting = innermost === '{' ? 'key' : 'value';
    } else if (expecting === 'end') {
      return tokens.at;
    } else if (character === '{' || character === '[') {
      open.push(character);
      tokens.at += 1;
      expecting = character === '{' ? 'firstKey' : 'firstItem';
    } else {
      if (!(character === '"' ? tokens.skipString() : tokens.skip(scalar))) return tokens.at;
      expecting = open.length === 0 ? 'end' : 'next';
    }
  }
}

function mayClose(expecting: Expecting): boolean {
  return expecting === 'next' || expecting === 'firstItem' || expecting === 'firstKey';
}
