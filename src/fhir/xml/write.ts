/** The JSON model → FHIR XML: elements in the order of the standard, values in attributes, the narrative as XHTML. */
import { Fault } from '#kernel/fault.ts';
import { Decimal } from '../json/decimal.ts';
import type { Element, Model } from '../definitions/model.ts';
import { escapeAttribute, fhirNamespace } from './namespaces.ts';
import { xhtmlForXml } from './xhtml.ts';

type Content = Record<string, unknown>;
type Property = { name: string; type: string; element: Element; order: number };

export class ResourceWriter {
  private readonly model: Model;
  private readonly isPretty: boolean;
  private readonly written: string[] = [];

  constructor(model: Model, isPretty: boolean) {
    this.model = model;
    this.isPretty = isPretty;
  }

  document(resource: Content): string {
    this.written.push('<?xml version="1.0" encoding="UTF-8"?>');
    this.resource(resource, ` xmlns="${fhirNamespace}"`, this.isPretty ? '\n' : '', 'resource');
    return this.written.join('');
  }

  /** `indent` is the line break and the blanks before an element, or nothing at all. */
  private resource(resource: Content, attributes: string, indent: string, path: string): void {
    const type = resource['resourceType'];
    if (typeof type !== 'string' || this.model.type(type)?.kind !== 'resource') {
      throw new Fault('invalid', 'What should be a resource has no known resourceType', { expression: path });
    }
    this.written.push(`${indent}<${type}${attributes}>`);
    this.elements(resource, type, inner(indent), path === 'resource' ? type : path);
    this.written.push(`${indent}</${type}>`);
  }

  private elements(content: Content, type: string, indent: string, path: string): void {
    for (const property of this.properties(content, type, path)) {
      const value = content[property.name];
      const extra = content[`_${property.name}`];
      if (!property.element.isArray) {
        this.element(property, value, extra, indent, `${path}.${property.name}`);
        continue;
      }
      const values = arrayOf(value, path);
      const extras = arrayOf(extra, path);
      for (let index = 0; index < Math.max(values.length, extras.length); index += 1) {
        this.element(property, values[index], extras[index], indent, `${path}.${property.name}[${index}]`);
      }
    }
  }

  /** The properties that are there, in the order of the type's elements; those that are XML attributes are left out. */
  private properties(content: Content, type: string, path: string): Property[] {
    const elements = this.model.type(type)?.elements ?? [];
    const found = new Map<string, Property>();
    for (const key of Object.keys(content)) {
      if (key === 'resourceType' && this.model.type(type)?.kind === 'resource') continue;
      const name = key.startsWith('_') ? key.slice(1) : key;
      if (found.has(name)) continue;
      const property = this.model.property(type, name);
      if (property === undefined) {
        throw new Fault('invalid', `${type} has no such element, so it has no XML form`, { expression: path });
      }
      if (property.element.xmlAttribute === true) continue;
      found.set(name, { name, ...property, order: elements.indexOf(property.element) });
    }
    return [...found.values()].sort((one, other) => one.order - other.order);
  }

  private element(property: Property, value: unknown, extra: unknown, indent: string, path: string): void {
    const { name, type } = property;
    const kind = this.model.type(type)?.kind;
    if (kind === 'primitive') {
      if (type === 'xhtml') this.written.push(indent, xhtmlForXml(String(value)));
      else this.primitive(name, value, extra, indent, path);
      return;
    }
    const content = objectOf(value, path);
    if (type === 'Resource') {
      this.written.push(`${indent}<${name}>`);
      this.resource(content, '', inner(indent), path);
      this.written.push(`${indent}</${name}>`);
      return;
    }
    const url = type === 'Extension' ? attribute('url', content['url']) : '';
    this.written.push(`${indent}<${name}${attribute('id', content['id'])}${url}`);
    this.close(name, content, type, indent, path);
  }

  private primitive(name: string, value: unknown, extra: unknown, indent: string, path: string): void {
    const content = extra === undefined || extra === null ? {} : objectOf(extra, path);
    const isMissing = value === undefined || value === null;
    if (isMissing && Object.keys(content).length === 0) return;
    if (typeof value === 'object' && !isMissing && !(value instanceof Decimal)) {
      throw new Fault('invalid', 'An object stands where a plain value belongs, so it has no XML form', {
        expression: path,
      });
    }
    this.written.push(`${indent}<${name}${attribute('id', content['id'])}${attribute('value', value)}`);
    this.close(name, content, 'Element', indent, path);
  }

  /** Ends a start tag that is still open, with the elements inside it where there are any. */
  private close(name: string, content: Content, type: string, indent: string, path: string): void {
    const start = this.written.length;
    this.written.push('>');
    this.elements(content, type, inner(indent), path);
    if (this.written.length === start + 1) this.written[start] = '/>';
    else this.written.push(`${indent}</${name}>`);
  }
}

function inner(indent: string): string {
  return indent === '' ? '' : `${indent}  `;
}

function attribute(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  return ` ${name}="${escapeAttribute(String(value))}"`;
}

function arrayOf(value: unknown, path: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Fault('invalid', 'An array belongs here', { expression: path });
  return value;
}

function objectOf(value: unknown, path: string): Content {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal)) {
    return value as Content;
  }
  throw new Fault('invalid', 'An object belongs here', { expression: path });
}
