/** Which numbers a resource is found by, and where a number lies in the index. Pure. */
import { naturalBucket } from '#fhir/record/bucket.ts';
import type { Resource } from '#fhir/types.ts';
import type { Identifier } from './register-codes.ts';

export type IndexedIdentifier = {
  system: string;
  value: string;
  from: string | null;
  to: string | null;
};

const datePattern = /^\d{4}(-\d\d){0,2}/;

/** The identifiers with system and value, each once; periods as dates. */
export function identifiersOf(resource: Resource): IndexedIdentifier[] {
  const found = new Map<string, IndexedIdentifier>();
  for (const { system, value, period } of (resource['identifier'] as Identifier[] | undefined) ?? []) {
    if (typeof system !== 'string' || typeof value !== 'string') continue;
    found.set(`${system}|${value}`, { system, value, from: dateOf(period?.start), to: dateOf(period?.end) });
  }
  return [...found.values()];
}

/** The bucket of a number: a look-up by it goes to one place. */
export function identifierBucket(system: string, value: string): number {
  return naturalBucket('Identifier', `${system}|${value}`);
}

/** `system|value`, apart again. */
export function splitIdentifier(text: string): { system: string; value: string } {
  const at = text.lastIndexOf('|');
  return { system: text.slice(0, at), value: text.slice(at + 1) };
}

function dateOf(text: string | undefined): string | null {
  return datePattern.exec(text ?? '')?.[0] ?? null;
}
