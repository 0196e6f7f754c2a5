/** Whose record a hit is in, said with each hit of a search that names no patient: two people are never mistaken for each other. */
import { parseJson } from '#fhir/json/index.ts';
import type { Hit } from './contract.ts';
import type { Reading } from './within-reach.ts';

type Name = { use?: string; text?: string; family?: string; given?: string[] };

/** Of those that the caller may read; what leaves is told to the grant. */
export async function addPeople({ db, search, grant }: Reading, hits: readonly Hit[]): Promise<void> {
  const reach = await grant.reach({ by: 'search', patient: undefined, isNamed: false, types: ['Patient'] });
  const keys = [...new Set(hits.map(({ patient }) => patient))].map((id) => ({ type: 'Patient', id }));
  const found = await search.parts.store.byKeys(db, keys, { parts: search.parts, reach });
  grant.saw(found.map(({ type, id }) => ({ type, id, patient: id })));
  const known = new Map(
    found.map(({ id, content }) => [id, parseJson(content) as { name?: Name[]; birthDate?: string }]),
  );
  for (const hit of hits) {
    const person = known.get(hit.patient);
    if (person === undefined) continue;
    const { name, birthDate } = person;
    hit.person = { name: listed(name), ...(birthDate === undefined ? {} : { birthDate }) };
  }
}

/** `NORDMO, Åse` */
function listed(names: readonly Name[] | undefined): string {
  const name = names?.find(({ use }) => use === 'official') ?? names?.find(({ use }) => use !== 'old') ?? names?.[0];
  if (name?.family === undefined) return name?.text ?? '–';
  return [name.family.toLocaleUpperCase('nb'), (name.given ?? []).join(' ')].filter(Boolean).join(', ');
}
