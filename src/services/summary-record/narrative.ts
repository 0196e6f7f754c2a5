/** The text of a section as XHTML (R4 narrative.html): a table, or a sentence where there is nothing. */
import { languageTags, type Language } from './languages.ts';
import { lineOf, type Line, type Resolve } from './lines.ts';
import type { ChosenSection } from './sections.ts';
import { labels, noneKnownWords, notAvailableWords } from './words.ts';

export type Narrative = { status: 'generated'; div: string };

/** XML 1.0 has no place for most control characters: they are left out. */
export const escapeXml = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[&<>"]/g, (found) => escapes[found] ?? '');

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What stands in an empty section. */
export function emptyText({ key, state }: Pick<ChosenSection, 'key' | 'state'>, language: Language): string {
  return (state === 'none' ? noneKnownWords[key] : undefined)?.[language] ?? notAvailableWords[language];
}

/** The whole text with its div. */
export function narrativeOf(section: ChosenSection, language: Language, resolve: Resolve): Narrative {
  return inDiv(sectionBody(section, language, resolve), language);
}

export function inDiv(body: string, language: Language): Narrative {
  const tag = languageTags[language];
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml" lang="${tag}" xml:lang="${tag}">${body}</div>`,
  };
}

/** Without the div: for a page. */
export function sectionBody(section: ChosenSection, language: Language, resolve: Resolve): string {
  const { entries, more } = section;
  if (entries.length === 0) return `<p>${escapeXml(emptyText(section, language))}</p>`;
  const rows = entries.map((entry) => lineOf(entry, language, resolve));
  return table(rows, language) + (more > 0 ? `<p>${escapeXml(`${labels.more[language]}: ${more}.`)}</p>` : '');
}

export function table(lines: readonly Line[], language: Language): string {
  const head = [labels.what, labels.details, labels.when]
    .map((label) => `<th>${escapeXml(label[language])}</th>`)
    .join('');
  const rows = lines.map(({ what, details, when, isOwn }) => {
    const own = isOwn ? ` (${labels.own[language]})` : '';
    return `<tr>${[what + own, details, when].map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
