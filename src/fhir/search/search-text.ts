/** The little syntax inside search values: separators and how they are escaped (R4 search.html#escaping). */

/** Splits at a separator that no backslash precedes. The pieces are still escaped. */
export function splitUnescaped(text: string, separator: string): string[] {
  if (!text.includes(separator)) return [text];
  const pieces: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === separator) {
      pieces.push(text.slice(from, i));
      from = i + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** `\,` `\|` `\$` and `\\` as the letters that they stand for. */
export function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\([\\,|$])/g, '$1') : text;
}
