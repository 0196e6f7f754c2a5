/** `encode`, `decode`, `escape` and `unescape` (http://hl7.org/fhirpath/N1/#additional-string-functions); undefined for an unknown format. */

export function encodeText(text: string, format: string): string | undefined {
  const bytes = Buffer.from(text, 'utf8');
  switch (format) {
    case 'hex':
      return bytes.toString('hex');
    case 'base64':
      return bytes.toString('base64');
    case 'urlbase64':
      // RFC 4648 section 5 with padding, as the official suite has it.
      return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    default:
      return undefined;
  }
}

export function decodeText(text: string, format: string): string | undefined {
  switch (format) {
    case 'hex':
      return /^(?:[0-9A-Fa-f]{2})*$/.test(text) ? Buffer.from(text, 'hex').toString('utf8') : undefined;
    case 'base64':
    case 'urlbase64':
      return Buffer.from(text, 'base64').toString('utf8');
    default:
      return undefined;
  }
}

const htmlEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const htmlNames: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function escapeText(text: string, target: string): string | undefined {
  if (target === 'html') return text.replace(/[&<>"']/g, (character) => htmlEscapes[character]!);
  return target === 'json' ? JSON.stringify(text).slice(1, -1) : undefined;
}

export function unescapeText(text: string, target: string): string | undefined {
  if (target === 'html') return text.replace(/&(?:#(\d{1,7})|(amp|lt|gt|quot|apos));/g, htmlCharacter);
  if (target !== 'json') return undefined;
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/gs, (_, hex: string | undefined, character: string) =>
    hex === undefined ? (jsonEscapes[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const jsonEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function htmlCharacter(whole: string, code: string | undefined, name: string | undefined): string {
  if (name !== undefined) return htmlNames[name]!;
  const point = Number(code);
  return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}
