/** The tree of organisations. */
import type { Db } from '#kernel/db.ts';

export type OrganisationInTree = {
  id: string;
  name: string;
  active: boolean;
  kinds: string[];
  municipality: string | null;
  /** 0 for the one that was asked for, 1 for its parent (or children), and so on. */
  depth: number;
};

const depthMax = 20;

/** The organisation and those above it, upwards. */
export async function findAbove(db: Db, id: string): Promise<OrganisationInTree[]> {
  return db<OrganisationInTree[]>`
    with recursive above(id, depth) as (
      select ${id}::text, 0
      union all
      select o.parent, a.depth + 1 from above a join register_organisation o on o.id = a.id
      where o.parent is not null and a.depth < ${depthMax})
    select o.id, o.name, o.active, o.kinds, o.municipality, a.depth
    from above a join register_organisation o on o.id = a.id order by a.depth`;
}

/** The organisation and everything below it, level by level. */
export async function findBelow(db: Db, id: string): Promise<OrganisationInTree[]> {
  return db<OrganisationInTree[]>`
    with recursive below(id, depth) as (
      select ${id}::text, 0
      union all
      select o.id, b.depth + 1 from below b join register_organisation o on o.parent = b.id where b.depth < ${depthMax})
    select o.id, o.name, o.active, o.kinds, o.municipality, b.depth
    from below b join register_organisation o on o.id = b.id order by b.depth, o.name`;
}

/** Organisations by words of their name, an earlier one or an alias; `words` are folded. */
export async function findByName(db: Db, words: readonly string[], limit: number): Promise<OrganisationInTree[]> {
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  return db<OrganisationInTree[]>`
    select id, name, active, kinds, municipality, 0 as depth from register_organisation
    where words like all(${patterns}) order by active desc, length(name), name limit ${limit}`;
}
