/** Code systems that are a grammar and not a list: a code is in them when it is well formed. They can't be expanded. */
import { ucum } from '@atomic-ehr/ucum';

const codeLengthMax = 200;
/** RFC 6838 section 4.2, with the parameters of RFC 2045 allowed after it, as FHIR's own examples write them. */
const mimeType =
  /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9*][A-Za-z0-9!#$&^_.+-]{0,126}(\s*;[^;]{1,100}){0,5}$/;

const grammars: Record<string, (code: string) => boolean> = {
  'urn:ietf:bcp:13': (code) => mimeType.test(code),
  'urn:ietf:bcp:47': isLanguageTag,
  'http://unitsofmeasure.org': (code) => ucum.validate(code).valid,
};

/** True or false where a grammar decides, undefined where the system is none of them. */
export function grammarAccepts(system: string, code: string): boolean | undefined {
  if (!Object.hasOwn(grammars, system)) return undefined;
  return code.length > 0 && code.length <= codeLengthMax && grammars[system]?.(code) === true;
}

/** https://www.rfc-editor.org/rfc/rfc5646 : well formed, as ECMAScript checks it. */
function isLanguageTag(code: string): boolean {
  try {
    return Intl.getCanonicalLocales(code).length === 1;
  } catch {
    return false;
  }
}
