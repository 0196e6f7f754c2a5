/** A CDA R2 document that a person can read: its title and the narrative of its sections; a body that is not XML is a file of its own. */
import { escapeHtml, sanitise } from './html.ts';
import { childrenOf, firstOf, innerText, type XmlElement } from './xml-tree.ts';

export type CdaDocument = {
  title: string;
  html: string;
  /** A nonXMLBody: the file within, as national document sharing sends PDF and KITH XML. */
  within: { contentType: string; bytes: Buffer } | undefined;
};

/** The readable form. Entries beside the narrative are for machines, and say nothing more (CDA R2, 4.3.4.2). */
export function renderCda(root: XmlElement): CdaDocument {
  const title =
    innerText(firstOf(root, 'title')).trim() || firstOf(root, 'code')?.attributes['displayName'] || 'Dokument';
  const within = fileWithin(root);
  const patient = firstOf(root, 'recordTarget', 'patientRole', 'patient', 'name');
  const author = firstOf(root, 'author', 'assignedAuthor', 'assignedPerson', 'name');
  const head = [
    ['Pasient', wordsOf(patient)],
    ['Forfatter', wordsOf(author)],
    ['Dato', dayOf(firstOf(root, 'effectiveTime')?.attributes['value'])],
  ].filter(([, value]) => value !== '');
  const list = head.map(([label, value]) => `<dt>${label}</dt><dd>${escapeHtml(value ?? '')}</dd>`).join('');
  const body = firstOf(root, 'component', 'structuredBody');
  const sections = body === undefined ? '' : sectionsOf(body, 2);
  return { title, html: sanitise(`<h1>${escapeHtml(title)}</h1><dl>${list}</dl>${sections}`), within };
}

function wordsOf(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  const parts = childrenOf(element).map((one) => innerText(one).trim());
  return (parts.length > 0 ? parts.filter(Boolean).join(' ') : innerText(element)).replace(/\s+/g, ' ').trim();
}

function dayOf(time: string | undefined): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(time ?? '') ?? [];
  return year === undefined ? '' : `${day}.${month}.${year}`;
}

function fileWithin(root: XmlElement): CdaDocument['within'] {
  const text = firstOf(root, 'component', 'nonXMLBody', 'text');
  if (text?.attributes['representation'] !== 'B64') return undefined;
  const contentType = text.attributes['mediaType'] ?? 'application/octet-stream';
  return { contentType, bytes: Buffer.from(innerText(text), 'base64') };
}

function sectionsOf(body: XmlElement, level: number): string {
  return childrenOf(body, 'component')
    .flatMap((component) => childrenOf(component, 'section'))
    .map((section) => {
      const heading = innerText(firstOf(section, 'title')).trim();
      const narrative = firstOf(section, 'text')?.children.map(markup).join('') ?? '';
      const title = heading === '' ? '' : `<h${level}>${escapeHtml(heading)}</h${level}>`;
      return `${title}${narrative}${sectionsOf(section, Math.min(level + 1, 6))}`;
    })
    .join('');
}

/** CDA's narrative block as HTML. */
const names: Readonly<Record<string, string>> = {
  paragraph: 'p',
  list: 'ul',
  item: 'li',
  content: 'span',
  caption: 'b',
  linkHtml: 'span',
};
const kept = new Set(['table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'br', 'sub', 'sup']);

function markup(node: XmlElement | string): string {
  if (typeof node === 'string') return escapeHtml(node);
  if (node.name === 'br') return '<br>';
  const name = kept.has(node.name) ? node.name : (names[node.name] ?? 'span');
  return `<${name}>${node.children.map(markup).join('')}</${name}>`;
}
