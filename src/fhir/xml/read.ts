/**
 * FHIR XML → the JSON model, in one streaming pass led by the model (https://hl7.org/fhir/R4/xml.html): what repeats becomes an
 * array, primitives get their JSON types with the text of decimals kept, ids and extensions of primitives become `_x` siblings.
 */
import { Decimal } from '../json/decimal.ts';
import type { Model } from '../definitions/model.ts';
import type { Resource } from '../types.ts';
import { fhirNamespace, schemaInstanceNamespace, xhtmlNamespace } from './namespaces.ts';
import { XhtmlDiv } from './xhtml.ts';
import { XmlDocument, type XmlHandler, type XmlTag } from './xml-parser.ts';

type Content = Record<string, unknown>;

/** An open element. `content` is its object; of a primitive, what goes to the `_x` sibling. */
type Frame = {
  kind: 'complex' | 'primitive' | 'resource';
  /** Property in the parent, with the index where it repeats: a step of the path in a refusal. */
  name: string;
  isArray: boolean;
  type: string;
  content: Content;
  /** Of a primitive: its value; of a `resource`: the resource that stands inside. */
  value: unknown;
  /** Levels of objects and arrays in JSON, this one included: what is read as XML must be readable as JSON. */
  depth: number;
};

const depthMax = 64;
const numberPattern = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const integerPattern = /^-?(?:0|[1-9][0-9]*)$/;
const numberLengthMax = 400;

export class ResourceReader implements XmlHandler {
  resource: Resource | undefined;
  private readonly document: XmlDocument;
  private readonly model: Model;
  private readonly frames: Frame[] = [];
  private div: XhtmlDiv | undefined;

  constructor(document: XmlDocument, model: Model) {
    this.document = document;
    this.model = model;
  }

  open(tag: XmlTag): void {
    if (this.div !== undefined) {
      this.div.open(tag);
      return;
    }
    const parent = this.frames.at(-1);
    if (parent === undefined || parent.kind === 'resource') this.openResource(tag, parent);
    else this.openElement(tag, parent);
  }

  text(text: string): void {
    if (this.div !== undefined) this.div.text(text);
    else if (/[^ \t\r\n]/.test(text)) throw this.fault('has text between elements; values belong in value="…"');
  }

  close(tag: XmlTag): void {
    if (this.div !== undefined) {
      const text = this.div.close(tag);
      if (text === undefined) return;
      this.div = undefined;
      this.attach({ ...this.narrative(), value: text });
      return;
    }
    const frame = this.frames.pop();
    if (frame === undefined) return;
    this.attach(frame);
  }

  private openResource(tag: XmlTag, wrapper: Frame | undefined): void {
    const type = tag.local;
    if (tag.uri !== fhirNamespace) throw this.fault(`has a resource that is not in the namespace ${fhirNamespace}`);
    const definition = this.model.type(type);
    if (definition?.kind !== 'resource' || definition.abstract)
      throw this.fault(`has ${named(type)}, which is no resource type`);
    if (wrapper?.value !== undefined) throw this.fault('has two resources in one element');
    for (const { name } of this.document.attributes) {
      // `xsi:schemaLocation` is common on roots and says nothing about the content.
      if (tag.attributes[name]?.uri !== schemaInstanceNamespace) {
        throw this.fault(`has the attribute ${named(name)} on a resource`);
      }
    }
    this.push('complex', '', false, type, { resourceType: type }, wrapper?.depth ?? 1);
  }

  private openElement(tag: XmlTag, parent: Frame): void {
    const name = tag.local;
    if (tag.uri === xhtmlNamespace && name === 'div' && parent.type === 'Narrative') {
      if (Object.hasOwn(parent.content, 'div')) throw this.fault('has two narratives in one text');
      this.div = new XhtmlDiv(this.document);
      this.div.open(tag);
      return;
    }
    if (tag.uri !== fhirNamespace)
      throw this.fault(`has the element ${named(name)} outside the namespace ${fhirNamespace}`);
    if (parent.kind === 'primitive' && name !== 'extension') throw this.fault(`has ${named(name)} inside a primitive`);
    const property = this.model.property(parent.type, name);
    // `id` of a complex element and `url` of an extension are attributes.
    if (property === undefined || property.element.xmlAttribute === true || property.type === 'xhtml') {
      throw this.fault(`has the element ${named(name)}, which ${named(parent.type)} does not have`);
    }
    const { type, element } = property;
    const depth = parent.depth + (element.isArray ? 2 : 1);
    if (type === 'Resource') {
      this.push('resource', name, element.isArray, type, {}, depth);
      if (this.document.attributes.length > 0) throw this.attributeFault(this.document.attributes[0]?.name ?? '');
    } else if (this.model.type(type)?.kind === 'primitive') {
      this.primitive(this.push('primitive', name, element.isArray, type, {}, depth));
    } else {
      this.attributes(this.push('complex', name, element.isArray, type, {}, depth), type === 'Extension');
    }
  }

  private push(
    kind: Frame['kind'],
    name: string,
    isArray: boolean,
    type: string,
    content: Content,
    depth: number,
  ): Frame {
    const frame: Frame = { kind, name, isArray, type, content, value: undefined, depth };
    this.frames.push(frame);
    if (depth > depthMax) throw this.fault(`is nested deeper than ${depthMax} levels`);
    return frame;
  }

  /** Takes the attributes that are allowed into the content of the innermost element. */
  private attributes(frame: Frame, hasUrl: boolean): void {
    for (const { name, value } of this.document.attributes) {
      if (name !== 'id' && !(hasUrl && name === 'url')) throw this.attributeFault(name);
      frame.content[name] = value;
    }
  }

  private primitive(frame: Frame): void {
    for (const { name, value } of this.document.attributes) {
      if (name === 'value') frame.value = this.primitiveValue(frame.type, value);
      else if (name === 'id') frame.content['id'] = value;
      else throw this.attributeFault(name);
    }
  }

  private attributeFault(name: string): Error {
    return this.fault(`has the attribute ${named(name)}, which is not allowed here`);
  }

  private primitiveValue(type: string, text: string): unknown {
    if (type === 'boolean') {
      if (text !== 'true' && text !== 'false') throw this.fault('has a boolean that is neither true nor false');
      return text === 'true';
    }
    const isDecimal = type === 'decimal';
    if (!isDecimal && !this.model.isA(type, 'integer')) return text;
    const isNumber = text.length <= numberLengthMax && (isDecimal ? numberPattern : integerPattern).test(text);
    const value = Number(text);
    if (!isNumber || !Number.isFinite(value)) throw this.fault(`has a value that is no ${type}`);
    return String(value) === text ? value : new Decimal(text);
  }

  private narrative(): Frame {
    return { kind: 'primitive', name: 'div', isArray: false, type: 'xhtml', content: {}, value: undefined, depth: 0 };
  }

  /** Puts a finished element into its parent. */
  private attach(frame: Frame): void {
    const parent = this.frames.at(-1);
    if (parent === undefined) {
      this.resource = frame.content as Resource;
    } else if (parent.kind === 'resource') {
      parent.value = frame.content;
    } else if (frame.kind === 'primitive') {
      this.attachPrimitive(parent.content, frame);
    } else {
      const value = frame.kind === 'resource' ? frame.value : frame.content;
      if (value === undefined || (frame.kind === 'complex' && isEmpty(frame.content)))
        throw this.fault(`has the element ${named(frame.name)} without content`);
      this.add(parent.content, frame, value);
    }
  }

  private add(content: Content, { name, isArray }: Frame, value: unknown): void {
    if (isArray) {
      const list = content[name];
      if (Array.isArray(list)) list.push(value);
      else content[name] = [value];
      return;
    }
    if (Object.hasOwn(content, name)) throw this.fault(`has the element ${named(name)} twice`);
    content[name] = value;
  }

  /** `birthDate` and `_birthDate`; where it repeats, two arrays of one length with null where a half is missing. */
  private attachPrimitive(content: Content, frame: Frame): void {
    const extra = isEmpty(frame.content) ? undefined : frame.content;
    const { name, value } = frame;
    if (value === undefined && extra === undefined) throw this.fault(`has the element ${named(name)} without content`);
    const sibling = `_${name}`;
    if (!frame.isArray) {
      const isTwice = Object.hasOwn(content, name) || Object.hasOwn(content, sibling);
      if (isTwice) throw this.fault(`has the element ${named(name)} twice`);
      if (value !== undefined) content[name] = value;
      if (extra !== undefined) content[sibling] = extra;
      return;
    }
    const values = (content[name] ?? []) as unknown[];
    const extras = (content[sibling] ?? []) as unknown[];
    const index = Math.max(values.length, extras.length);
    setPadded(content, name, values, index, value);
    setPadded(content, sibling, extras, index, extra);
  }

  private fault(problem: string): Error {
    return this.document.fault(problem, this.path());
  }

  /** FHIRPath of the innermost open element. */
  private path(): string {
    let path = '';
    for (const [index, frame] of this.frames.entries()) {
      if (index === 0) path = frame.type;
      else if (frame.name !== '') {
        const list = this.frames[index - 1]?.content[frame.name];
        const position = frame.isArray ? `[${Array.isArray(list) ? list.length : 0}]` : '';
        path += `.${frame.name}${position}`;
      }
    }
    return path;
  }
}

/** Sets an item of one of the two arrays of a repeating primitive; the array exists once it has something to say. */
function setPadded(content: Content, name: string, list: unknown[], index: number, value: unknown): void {
  if (list.length === 0 && value === undefined) return;
  while (list.length < index) list.push(null);
  list.push(value ?? null);
  content[name] = list;
}

function isEmpty(content: Content): boolean {
  for (const name in content) if (Object.hasOwn(content, name)) return false;
  return true;
}

function named(name: string): string {
  return /^[\w.:-]{1,40}$/.test(name) ? name : 'of an unusual name';
}
