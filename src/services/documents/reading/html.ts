/** HTML that somebody else wrote, made safe to show: no scripts, styles, forms or addresses that would be fetched; and its text. */
import sanitizeHtml from 'sanitize-html';

const allowedTags = (
  'h1 h2 h3 h4 h5 h6 p br hr div span b strong i em u s sub sup pre code blockquote ul ol li dl dt dd ' +
  'table caption thead tbody tfoot tr th td img'
).split(' ');

/** The body of a page, with what could do something taken out. Pictures stay where they are in the file itself. */
export function sanitise(html: string): string {
  return sanitizeHtml(html, {
    allowedTags,
    allowedAttributes: { td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan', 'scope'], img: ['src', 'alt'] },
    allowedSchemes: [],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    exclusiveFilter: ({ tag, attribs }) =>
      tag === 'img' && !/^data:image\/(png|jpeg|gif);base64,/i.test(attribs['src'] ?? ''),
    nestingLimit: 100,
  });
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** Lines where blocks end, tabs between cells, entities as letters. `html` is sanitised already, or is sanitised here. */
export function textOfHtml(html: string): string {
  const bare = sanitizeHtml(
    sanitise(html)
      .replace(/<(\/(p|div|h[1-6]|li|tr|dd|dt|pre|blockquote|caption)|br ?\/?|hr ?\/?)>/g, '\n')
      .replace(/<\/t[dh]>/g, '\t'),
    {
      allowedTags: [],
      allowedAttributes: {},
    },
  );
  return unescapeHtml(bare)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function unescapeHtml(text: string): string {
  return text.replace(/&(#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{1,8}));/gi, (whole, _any, hex, decimal, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** A page that stands alone: shown in a frame without rights. `body` is safe already. */
export function pageOf(title: string, body: string): string {
  return `<!doctype html><html lang="no"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head><body>${body}</body></html>`;
}

/** What the page may do: nothing but look as it says here, with pictures of its own. */
export const readablePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

const style =
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;margin:1rem;max-width:52rem;overflow-wrap:anywhere}' +
  'h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:1.5rem}h3{font-size:1rem}table{border-collapse:collapse;width:100%}' +
  'td,th{border:1px solid #8888;padding:.25rem .5rem;text-align:left;vertical-align:top}dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.25rem 1rem}' +
  'dt{font-weight:600}dd{margin:0;white-space:pre-line}pre{white-space:pre-wrap;font:inherit}img{max-width:100%}';
