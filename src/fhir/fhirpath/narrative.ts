/**
 * `htmlChecks()`: the XHTML subset that a Narrative may hold (http://hl7.org/fhir/R4/narrative.html#xhtml). One pass over the text,
 * tags balanced, only known elements and attributes, no scripts, and something to read in it.
 */
const elements: ReadonlySet<string> = new Set(
  (
    'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre q ' +
    'samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
  ).split(' '),
);
const attributes: ReadonlySet<string> = new Set(
  (
    'abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset cite class ' +
    'colspan compact coords dir frame headers height href hreflang hspace id lang longdesc name noshade nowrap rel rev rowspan rules ' +
    'scope shape span src start style summary tabindex target title type valign value vspace width xml:lang xmlns xml:space'
  ).split(' '),
);
const namespace = 'http://www.w3.org/1999/xhtml';
const tag =
  /<(?:!--[\s\S]*?--|(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?))>/y;
const attribute = /([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const lengthMax = 5_000_000;

export function isNarrativeHtml(html: string): boolean {
  if (html.length > lengthMax) return false;
  const open: string[] = [];
  let hasContent = false;
  let at = html.search(/\S/);
  if (at < 0 || !html.startsWith('<div', at)) return false;
  while (at < html.length) {
    const next = html.indexOf('<', at);
    const text = html.slice(at, next < 0 ? html.length : next);
    if (text.trim() !== '') {
      if (open.length === 0) return false;
      hasContent = true;
    }
    if (next < 0) break;
    tag.lastIndex = next;
    const match = tag.exec(html);
    if (!match || !isTagAllowed(match, open)) return false;
    hasContent ||= match[2] === 'img';
    at = tag.lastIndex;
  }
  return open.length === 0 && hasContent;
}

/** Keeps `open` as the stack of elements not yet closed. */
function isTagAllowed([, closing, name, written = '', selfClosing]: RegExpExecArray, open: string[]): boolean {
  if (name === undefined) return true;
  if (closing) return open.pop() === name && written === '';
  const isRoot = open.length === 0;
  if (!elements.has(name) || (isRoot && name !== 'div') || !areAttributesAllowed(written, isRoot)) return false;
  if (!selfClosing) open.push(name);
  return true;
}

function areAttributesAllowed(written: string, isRoot: boolean): boolean {
  let isXhtml = !isRoot;
  for (const [, name, double, single] of written.matchAll(attribute)) {
    const value = double ?? single ?? '';
    if (!attributes.has(name!)) return false;
    if ((name === 'href' || name === 'src') && /^\s*(?:javascript|vbscript)\s*:/i.test(value)) return false;
    if (name === 'xmlns' && value === namespace) isXhtml = true;
  }
  return isXhtml;
}
