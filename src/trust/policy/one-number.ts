/** A number is one person's: nobody gets a second record by it, which would shut the first out of signing in. */
import { Fault } from '#kernel/fault.ts';
import type { Db } from '#kernel/db.ts';
import type { WriteFacts } from '#fhir/index.ts';
import { findMany } from '#fhir/record/store.ts';
import { narrow } from '#fhir/search/narrow.ts';
import type { Search } from '#fhir/search/index.ts';
import type { Resource } from '#fhir/types.ts';
import { identifierSystems } from '#shared/identifiers.ts';
import { identifiersOf } from './directory.ts';
import { elementsOf } from './elements.ts';

const ofPeople: Readonly<Record<string, readonly string[]>> = {
  Patient: [identifierSystems.nationalNumber, identifierSystems.dNumber],
  Practitioner: [identifierSystems.nationalNumber, identifierSystems.dNumber, identifierSystems.personnelNumber],
};

/** Records of one number that are looked at. */
const recordsMax = 20;

/** Throws a Fault `conflict` where a Patient or Practitioner would come to have a number that another has who is not replaced or closed. */
export async function refuseSecond(
  { db, search }: { db: Db; search: Search },
  changes: readonly WriteFacts[],
): Promise<void> {
  const given = changes.flatMap(({ type, id, resource, before }) => {
    if (ofPeople[type] === undefined || resource === undefined || !isInUse(resource)) return [];
    const old = before?.resource();
    const had = old !== undefined && isInUse(old) ? numbersOf(old) : [];
    return numbersOf(resource).flatMap((number) => (had.includes(number) ? [] : [{ type, id, number }]));
  });
  const ends = new Set(
    changes.flatMap(({ type, id, resource }) =>
      ofPeople[type] !== undefined && (resource === undefined || !isInUse(resource)) ? [`${type}/${id}`] : [],
    ),
  );
  const taken = new Map<string, string>();
  for (const { type, id, number } of given) {
    const key = `${type} ${number}`;
    const others = [...(await holders({ db, search }, type, number)), taken.get(key)];
    if (others.some((one) => one !== undefined && one !== id && !ends.has(`${type}/${one}`))) {
      throw new Fault('conflict', 'Somebody with this number is here already. Find the person by it.');
    }
    taken.set(key, id);
  }
}

const isInUse = ({ active, link }: Resource): boolean =>
  active !== false && !elementsOf(link).some(({ type }) => type === 'replaced-by');

const numbersOf = (resource: Resource): string[] =>
  (ofPeople[resource.resourceType] ?? []).flatMap((system) =>
    identifiersOf(resource, system).map((value) => `${system}|${value}`),
  );

async function holders({ db, search }: { db: Db; search: Search }, type: string, number: string): Promise<string[]> {
  const { condition } = search.parse(type, [['identifier', number.replace(/[\\,$]/g, '\\$&')]]);
  const scope = { types: [type], isWholeSystem: false, sort: [], test: narrow(search.parts, condition) };
  const keys = await search.parts.store.keys(db, { ...scope, bucket: undefined }, recordsMax);
  return (await findMany(db, keys)).flatMap(({ id, content }) => {
    if (content === null) return [];
    const resource = JSON.parse(content) as Resource;
    return isInUse(resource) && numbersOf(resource).includes(number) ? [id] : [];
  });
}
