/** Finds functions and their length in source text, by brackets: exact enough to say which are too long. */

export type FunctionSpan = { name: string; lines: number };

const opening =
  /(?:^|\n)[^\S\n]*(?:export\s+)?(?:default\s+)?(?:(?:async\s+)?function\s*\*?\s*(\w+)|(?:static\s+|private\s+|override\s+|async\s+|get\s+|set\s+|\*\s*|#)*([\w$]+)(?:<[^>\n]*>)?\([^;]*?\)(?::[^=;{}]+)?\s*(?=\{\n)|(?:const|let)\s+(\w+)\s*(?::[^=\n]+)?=\s*(?:async\s*)?\([^;]*?\)(?::[^=;{}]+)?\s*=>\s*(?=\{\n))/g;
const notNames = new Set(['if', 'for', 'while', 'switch', 'catch', 'function', 'return', 'describe', 'test']);

/** Named functions, methods and arrow functions that have a body of lines. */
export function functionsIn(text: string): FunctionSpan[] {
  const plain = blank(text);
  return [...plain.matchAll(opening)].flatMap((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    if (notNames.has(name)) return [];
    const begin = plain.indexOf('{\n', match.index + match[0].length - 1);
    if (begin === -1) return [];
    const end = closing(plain, begin);
    return [{ name, lines: plain.slice(begin, end).split('\n').length }];
  });
}

/** The text with strings, templates and comments emptied, line breaks kept, so that brackets in them do not count. */
function blank(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|\$\{[^{}`]*\}|[^`\\])*`/g,
    (found) => found.replace(/[^\n]/g, ' '),
  );
}

function closing(text: string, begin: number): number {
  let depth = 0;
  for (let at = begin; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at + 1;
  }
  return text.length;
}
