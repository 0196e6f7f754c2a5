/** The namespaces that FHIR's XML speaks of (https://hl7.org/fhir/R4/xml.html), and what XML 1.0 asks of text. */
export const fhirNamespace = 'http://hl7.org/fhir';
export const xhtmlNamespace = 'http://www.w3.org/1999/xhtml';
export const schemaInstanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';

const references: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser turns these three into spaces unless they are references.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text for an attribute between double quotes. A character that XML 1.0 has no way to write becomes U+FFFD. */
export function escapeAttribute(text: string): string {
  // oxlint-disable-next-line no-control-regex -- XML 1.0 section 2.2 excludes exactly these
  if (!/[&<>"\u0000-\u001f\ud800-\udfff\ufffe\uffff]/.test(text)) return text;
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- as above
      .replaceAll(/[&<>"\u0000-\u001f\ufffe\uffff]/g, (character) => references[character] ?? '\ufffd')
  );
}

/** Text between tags. */
export function escapeText(text: string): string {
  return escapeAttribute(text).replaceAll('&quot;', '"').replaceAll('&#9;', '\t').replaceAll('&#10;', '\n');
}
