/** One organisation: where it belongs, what is below it, what it was called then, and who went on with it. */
import { fold } from '#fhir/search/fold.ts';
import type { RequestContext } from '#fhir/index.ts';
import type { Resource } from '#fhir/types.ts';
import { Fault } from '#kernel/fault.ts';
import { readMany } from '../records.ts';
import { formerNamesOf, organisationIds, replacedByOf } from './organisation-exchange.ts';
import { findAbove, findBelow, findByName, type OrganisationInTree } from './organisation-store.ts';

type Placed = Pick<OrganisationInTree, 'name' | 'active' | 'kinds'> & { reference: string };

export type FoundOrganisation = {
  organisation: Resource;
  /** What it was called on the day that was asked about. */
  nameThen: string;
  /** From its parent to the top. */
  above: Placed[];
  /** The regional health authority (8628 level 1) that it belongs to, where there is one. */
  region?: Placed;
  /** All that is below it. */
  below: Placed[];
  /** Who went on with it, and from when. */
  replacedBy?: Placed & { on?: string };
};

/** By `ENH:…`, `RSH:…` or `HER:…`. Faults: notFound. */
export async function findOrganisation(
  deps: Pick<RequestContext, 'db'>,
  key: string,
  on: string,
): Promise<FoundOrganisation> {
  const id = (await organisationIds(deps, [key])).get(key);
  const organisation =
    id === undefined ? undefined : (await readMany(deps, [{ type: 'Organization', id }])).get(`Organization/${id}`);
  if (id === undefined || organisation === undefined) throw new Fault('notFound', `${key} is not here.`);
  const above = (await findAbove(deps.db, id)).slice(1);
  const below = (await findBelow(deps.db, id)).slice(1);
  const region = above.find(({ kinds }) => kinds.includes('8628#1'));
  const successor = replacedByOf(organisation);
  const [next] = successor === undefined ? [] : await findAbove(deps.db, successor.id);
  return {
    organisation,
    nameThen: nameOn(organisation, on),
    above: above.map(placed),
    ...(region ? { region: placed(region) } : {}),
    below: below.map(placed),
    ...(next ? { replacedBy: { ...placed(next), ...(successor?.on ? { on: successor.on } : {}) } } : {}),
  };
}

/** The name that held on the day: the earliest of the earlier names that had not ceased by then, else the present one. */
export function nameOn(organisation: Resource, on: string): string {
  const held = formerNamesOf(organisation)
    .filter(({ to }) => to !== undefined && on < to)
    .sort((a, b) => ((a.to ?? '') < (b.to ?? '') ? -1 : 1));
  return held[0]?.name ?? String(organisation['name'] ?? '');
}

/** By words of the name, present or earlier. */
export async function searchOrganisations(
  deps: Pick<RequestContext, 'db'>,
  text: string,
  limit: number,
): Promise<Placed[]> {
  const words = fold(text)
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, 10);
  if (words.length === 0) throw new Fault('invalid', 'name must have a word in it.');
  return (await findByName(deps.db, words, limit)).map(placed);
}

function placed({ id, name, active, kinds }: OrganisationInTree): Placed {
  return { reference: `Organization/${id}`, name, active, kinds };
}
