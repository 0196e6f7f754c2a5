/**
 * Finds where JSON text stops being JSON (RFC 8259). Runs only after the native parser has refused a text, since its messages
 * quote the input and often leave out the position.
 */
type Expecting = 'value' | 'firstItem' | 'firstKey' | 'key' | 'colon' | 'next' | 'end';

const space = /[ \t\n\r]*/y;
// oxlint-disable-next-line no-control-regex -- control characters are exactly what a JSON string must not have
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const scalar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

/** Offset of the first character that no JSON text can have there; the length of the text when it ends too early. */
export function findSyntaxError(text: string): number {
  const open: ('{' | '[')[] = [];
  let expecting: Expecting = 'value';
  let at = 0;
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found !== '';
  };
  const quoted = (): boolean => {
    if (!match(string) || text[at] !== '"') return false;
    at += 1;
    return true;
  };
  const after = (): Expecting => (open.length === 0 ? 'end' : 'next');
  for (;;) {
    match(space);
    const character = text[at];
    if (character === undefined) return at;
    const last = open.at(-1);
    const closes = last === '{' ? '}' : ']';
    if (character === closes && last !== undefined && ['firstItem', 'firstKey', 'next'].includes(expecting)) {
      open.pop();
      at += 1;
      expecting = after();
    } else if (expecting === 'firstKey' || expecting === 'key') {
      if (!quoted()) return at;
      expecting = 'colon';
    } else if (expecting === 'colon') {
      if (character !== ':') return at;
      at += 1;
      expecting = 'value';
    } else if (expecting === 'next') {
      if (character !== ',') return at;
      at += 1;
      expecting = last === '{' ? 'key' : 'value';
    } else if (expecting === 'end') {
      return at;
    } else if (character === '{' || character === '[') {
      open.push(character);
      at += 1;
      expecting = character === '{' ? 'firstKey' : 'firstItem';
    } else {
      if (!(character === '"' ? quoted() : match(scalar))) return at;
      expecting = after();
    }
  }
}
