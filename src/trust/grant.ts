/** Makes grants: the only place where one comes into being (`test/tidy.test.ts` holds everyone to it). */
import type { Grant, Grants } from '#fhir/index.ts';

type GrantBody =
  Omit<Grant, never> extends infer Whole
    ? { [Key in keyof Whole as Key extends string ? Key : never]: Whole[Key] }
    : never;

/** Marks what trust has decided as a grant. */
export function asGrant(body: GrantBody): Grant {
  return body as Grant;
}

/** The grant of work that the node does by itself, under a name that is in the log: all of the record. */
export function backgroundGrant(_name: string): Grant {
  return asGrant({
    reach: () => Promise.resolve({ kind: 'everything' }),
    allowWrites: () => Promise.resolve(undefined),
    allowOperation: () => Promise.resolve(),
    saw: () => {},
    missed: () => {},
    mayChooseIds: true,
    owner: undefined,
  });
}

/** Grants of a node that nobody asks: the command line, and the record's own work. */
export const nodeGrants: Grants = {
  background: backgroundGrant,
  ofOwner: () => Promise.resolve(backgroundGrant('owner')),
  told: () => Promise.resolve(),
};
