/**
 * The narrative's `div`: XHTML inside FHIR XML, a string in FHIR JSON (https://hl7.org/fhir/R4/narrative.html).
 * It travels as it was written; it is rewritten only where the other side could not read it: prefixes declared outside it,
 * a missing namespace, HTML entities. What is allowed inside it is validation's to say.
 */
import { Fault } from '#kernel/fault.ts';
import { htmlEntities } from './html-entities.ts';
import { escapeAttribute, escapeText, xhtmlNamespace } from './namespaces.ts';
import { XmlDocument, type XmlTag } from './xml-parser.ts';

const depthMax = 100;

/** Gathers one `div` while the document around it is read. */
export class XhtmlDiv {
  private readonly document: XmlDocument;
  private readonly start: number;
  private readonly written: string[] = [];
  private depth = 0;
  private standsAlone = true;

  constructor(document: XmlDocument) {
    this.document = document;
    this.start = document.tagStart;
  }

  open(tag: XmlTag): void {
    this.depth += 1;
    if (this.depth > depthMax) throw this.document.fault(`has a narrative nested deeper than ${depthMax} levels`);
    if (tag.uri !== xhtmlNamespace) throw this.document.fault(`has an element in the narrative that is not XHTML`);
    const declares = tag.attributes['xmlns'] !== undefined;
    if (tag.prefix !== '' || (this.depth === 1 && !declares)) this.standsAlone = false;
    this.written.push(`<${tag.local}`, this.depth === 1 ? ` xmlns="${xhtmlNamespace}"` : '');
    for (const { name, prefix, value } of this.document.attributes) {
      // XHTML in a narrative has no attributes of other namespaces but `xml:lang` and `xml:space`.
      if (prefix !== '' && prefix !== 'xml') throw this.document.fault('has a foreign attribute in the narrative');
      this.written.push(` ${name}="${escapeAttribute(value)}"`);
    }
    this.written.push(tag.isSelfClosing ? '/>' : '>');
  }

  text(text: string): void {
    this.written.push(escapeText(text));
  }

  /** Returns the text of the whole `div` when this tag closes it. */
  close(tag: XmlTag): string | undefined {
    if (!tag.isSelfClosing) this.written.push(`</${tag.local}>`);
    this.depth -= 1;
    if (this.depth > 0) return undefined;
    return this.standsAlone ? this.document.slice(this.start, this.document.position) : this.written.join('');
  }
}

/**
 * A `div` from JSON as it goes into XML: always one well-formed `div` element in the XHTML namespace. Text that is none (it was
 * stored before anyone checked it) is shown as plain text, so that it can neither break the document nor hide in it.
 */
export function xhtmlForXml(div: string): string {
  const text = div.trim();
  if (!text.startsWith('<div')) return `<div xmlns="${xhtmlNamespace}">${escapeText(div)}</div>`;
  const declared = /^<div[^>]*\sxmlns\s*=/.test(text) ? text : text.replace('<div', `<div xmlns="${xhtmlNamespace}"`);
  const known = declared.replaceAll(
    /&([A-Za-z][A-Za-z0-9]*);/g,
    (entity, name: string) => htmlEntities[name] ?? entity,
  );
  return isDiv(known) ? known : `<div xmlns="${xhtmlNamespace}">${escapeText(div)}</div>`;
}

function isDiv(text: string): boolean {
  const document = new XmlDocument(text);
  let div: XhtmlDiv | undefined;
  let isWhole = false;
  try {
    document.run({
      open(tag) {
        div ??= new XhtmlDiv(document);
        div.open(tag);
      },
      text: (content) => div?.text(content),
      close(tag) {
        isWhole = div?.close(tag) !== undefined;
      },
    });
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
  return isWhole && text.endsWith('>');
}
