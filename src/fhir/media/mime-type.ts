/** Media types as HTTP writes them (RFC 9110 section 8.3.1), and which of FHIR's two formats each one asks for. */
export type Format = 'json' | 'xml';

export type MimeType = { name: string; parameters: ReadonlyMap<string, string> };

/** https://hl7.org/fhir/R4/http.html#mime-type, with the generic and the former names that it lets servers take. */
const formats: ReadonlyMap<string, Format> = new Map([
  ['application/fhir+json', 'json'],
  ['application/json+fhir', 'json'],
  ['application/json', 'json'],
  ['text/json', 'json'],
  ['application/fhir+xml', 'xml'],
  ['application/xml+fhir', 'xml'],
  ['application/xml', 'xml'],
  ['text/xml', 'xml'],
]);

export function formatOf(name: string): Format | undefined {
  return formats.get(name);
}

/** Lower-case name and parameters; quotes around a parameter's value are taken off. */
export function parseMimeType(text: string): MimeType {
  const [name = '', ...rest] = text.split(';');
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals === -1) continue;
    const value = part
      .slice(equals + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1');
    parameters.set(part.slice(0, equals).trim().toLowerCase(), value.toLowerCase());
  }
  return { name: name.trim().toLowerCase(), parameters };
}

/** False for another version of FHIR than R4 (https://hl7.org/fhir/R4/http.html#version-parameter). */
export function isR4(type: MimeType): boolean {
  const version = type.parameters.get('fhirversion');
  return version === undefined || version === '4.0' || version === '4.0.1';
}
