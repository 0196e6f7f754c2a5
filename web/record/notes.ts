/** The text of a note that stands in the reference itself; undefined where it lies elsewhere, or is no text. */
import type { DocumentReference } from 'fhir/r4';

export function noteTextOf({ content }: DocumentReference): string | undefined {
  const attachment = content[0]?.attachment;
  if (attachment?.data === undefined || !(attachment.contentType ?? '').startsWith('text/plain')) return undefined;
  return decodeText(attachment.data);
}

/** UTF-8 in base64. */
export function decodeText(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.codePointAt(0) as number);
  return new TextDecoder().decode(bytes);
}
