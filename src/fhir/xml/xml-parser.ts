/** `saxes`, closed down: no document type, no processing instructions, UTF-8 only, bounded; every failure is a Fault with line and column. */
import { SaxesParser, type SaxesAttributeNS, type SaxesTagNS } from 'saxes';
import { Fault } from '#kernel/fault.ts';

export type XmlTag = SaxesTagNS;
/** `prefix` and `local` are parts of `name`; the namespace of a prefixed one is in the tag's own table, which is slow to make lists of. */
export type XmlAttribute = Pick<SaxesAttributeNS, 'name' | 'prefix' | 'local' | 'value'>;

/** What a reader does with the document; each may throw. */
export interface XmlHandler {
  open(tag: XmlTag): void;
  close(tag: XmlTag): void;
  text(text: string): void;
}

const attributesMax = 100;
const messageLengthMax = 80;

/** One walk over one document. `position` and `fault` are good while the handler is being called. */
export class XmlDocument {
  /** Of the tag that is being opened, in the order of the document; namespace declarations left out. */
  readonly attributes: XmlAttribute[] = [];
  private readonly parser = new SaxesParser({ xmlns: true, position: true });
  private readonly source: string;

  constructor(text: string) {
    this.source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** Offset just after the last character that was read. */
  get position(): number {
    return this.parser.position;
  }

  /** The text from one offset to another, as it was written. */
  slice(start: number, end: number): string {
    return this.source.slice(start, end);
  }

  /** Offset of the `<` of the tag that was read last: no attribute holds a bare `<`. */
  get tagStart(): number {
    return this.source.lastIndexOf('<', this.parser.position - 1);
  }

  fault(problem: string, expression?: string): Fault {
    const { line, column } = this.parser;
    const message = `The XML ${problem} (line ${line}, column ${column})`;
    return new Fault('invalid', message, expression === undefined ? {} : { expression });
  }

  /** Named entities that the document may use besides the five of XML. */
  define(entities: Record<string, string>): void {
    Object.assign(this.parser.ENTITIES, entities);
  }

  run(handler: XmlHandler): void {
    const parser = this.parser;
    parser.on('doctype', () => {
      throw this.fault('has a document type declaration, which is not allowed');
    });
    parser.on('processinginstruction', () => {
      throw this.fault('has a processing instruction, which is not allowed');
    });
    parser.on('xmldecl', ({ encoding }) => {
      if (encoding !== undefined && encoding.toUpperCase() !== 'UTF-8') throw this.fault('is not declared as UTF-8');
    });
    let attributeCount = 0;
    parser.on('opentagstart', () => {
      attributeCount = 0;
      this.attributes.length = 0;
    });
    parser.on('attribute', (attribute) => {
      attributeCount += 1;
      if (attributeCount > attributesMax) throw this.fault(`has an element of more than ${attributesMax} attributes`);
      if (attribute.name !== 'xmlns' && attribute.prefix !== 'xmlns') this.attributes.push(attribute);
    });
    parser.on('error', (error) => {
      throw this.fault(`is not well-formed: ${error.message.replace(/^[\d:]+ /, '').slice(0, messageLengthMax)}`);
    });
    parser.on('opentag', (tag) => handler.open(tag));
    parser.on('closetag', (tag) => handler.close(tag));
    parser.on('text', (text) => handler.text(text));
    parser.on('cdata', (text) => handler.text(text));
    if (!this.source.isWellFormed()) throw this.fault('has half a surrogate pair');
    parser.write(this.source).close();
  }
}
