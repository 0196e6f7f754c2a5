/** Places of care by their names, as an operator seeks them. */
import type { Db } from '#kernel/db.ts';
import type { PlaceShown } from './contract.ts';

type Row = { reference: string; name: string | null; within: string | null };

const shown = ({ reference, name, within }: Row): PlaceShown => ({
  reference,
  name: name ?? reference,
  ...(within === null ? {} : { within }),
});

/** Those whose name has these words, in whatever case; organizations first, then the shortest names. */
export async function findPlaces(db: Db, words: string, limit: number): Promise<PlaceShown[]> {
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await db<Row[]>`
    /* fan-out: places of care, and who is at them */
    select r.type || '/' || r.id as reference, v.content::jsonb ->> 'name' as name,
      coalesce(v.content::jsonb #>> '{partOf,display}', v.content::jsonb #>> '{managingOrganization,display}') as within
    from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.type in ('Organization', 'Location') and not r.deleted and v.content::jsonb ->> 'name' ilike ${pattern}
    order by r.type desc, length(v.content::jsonb ->> 'name'), v.content::jsonb ->> 'name', r.id limit ${limit}`;
  return rows.map(shown);
}

/** What these places are called; one that is no longer there is left out. */
export async function readPlaces(db: Db, references: readonly string[]): Promise<PlaceShown[]> {
  if (references.length === 0) return [];
  const rows = await db<Row[]>`
    /* fan-out: places of care, and who is at them */
    select r.type || '/' || r.id as reference, v.content::jsonb ->> 'name' as name, null as within
    from resource r join version v on v.bucket = r.bucket and v.n = r.n
    where r.type in ('Organization', 'Location') and not r.deleted
      and r.id = any(${references.map((one) => one.slice(one.indexOf('/') + 1))}::text[])`;
  return rows.map(shown).filter(({ reference }) => references.includes(reference));
}
