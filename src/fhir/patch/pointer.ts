/** JSON Pointer (RFC 6901) over JSON values. */
import { isJsonObject } from './json-value.ts';

/** The steps of a pointer, unescaped; undefined when the text is none. */
export function parsePointer(text: string): string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The index of an item that is there, or of the end of the array when `mayAppend`; undefined for anything else. */
export function arrayIndex(array: unknown[], step: string, mayAppend: boolean): number | undefined {
  if (mayAppend && step === '-') return array.length;
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(step)) return undefined;
  const index = Number(step);
  return index < array.length || (mayAppend && index === array.length) ? index : undefined;
}

/** The member behind one step; never one that was inherited. */
export function member(container: unknown, step: string): { value: unknown } | undefined {
  if (Array.isArray(container)) {
    const index = arrayIndex(container, step, false);
    return index === undefined ? undefined : { value: container[index] };
  }
  return isJsonObject(container) && Object.hasOwn(container, step) ? { value: container[step] } : undefined;
}
