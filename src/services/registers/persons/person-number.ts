/** Person numbers and the systems that they belong to. Pure. */
import { identifierSystems, readPersonNumber } from '#shared/identifiers.ts';

/** The system that a person number belongs to; undefined when it is none. */
export function systemOf(value: string): string | undefined {
  const read = readPersonNumber(value);
  if ('problem' in read) return undefined;
  const systems = {
    national: identifierSystems.nationalNumber,
    d: identifierSystems.dNumber,
    aid: identifierSystems.commonAidNumber,
  };
  return systems[read.kind];
}

export const numberKey = (value: string): { system: string; value: string } => ({
  system: systemOf(value) ?? '',
  value,
});
