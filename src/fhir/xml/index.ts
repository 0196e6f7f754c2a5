/** FHIR R4 XML (https://hl7.org/fhir/R4/xml.html) to and from the JSON model, led by the types of the model. */
import { Fault } from '#kernel/fault.ts';
import type { Model } from '../definitions/model.ts';
import type { Resource } from '../types.ts';
import { ResourceReader } from './read.ts';
import { ResourceWriter } from './write.ts';
import { XmlDocument } from './xml-parser.ts';

/**
 * The resource in an XML document, as its JSON.
 * @throws Fault 'invalid' with line, column and the FHIRPath of the place: not well-formed, a document type, a processing
 * instruction, an unknown element, attribute or namespace, an empty element, a value of the wrong type, nesting beyond 64 levels.
 */
export function readXml(text: string, model: Model): Resource {
  const document = new XmlDocument(text);
  const reader = new ResourceReader(document, model);
  document.run(reader);
  if (reader.resource === undefined) throw new Fault('invalid', 'The XML has no resource');
  return reader.resource;
}

/**
 * The XML document of a resource; `pretty` indents by two spaces (never inside the narrative).
 * @throws Fault 'invalid' for a resource that the model does not describe.
 */
export function writeXml(resource: Resource, model: Model, pretty = false): string {
  return new ResourceWriter(model, pretty).document(resource);
}
