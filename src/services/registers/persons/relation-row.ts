/** A relation of a person (parent, child, spouse, guardian) as a row, and as a RelatedPerson. Pure. */
import type { Resource } from '#fhir/types.ts';
import type { RelationRow } from '../contract.ts';
import { plain, sourceOf } from '../exchange/register-exchange.ts';
import { concept, noBasis, ownSystems, type Concept, type Identifier, type Period } from '../register-codes.ts';
import { numberKey } from './person-number.ts';

/** What tells one relation of a person from another. */
export function relationKey(row: Pick<RelationRow, 'role' | 'number' | 'name' | 'guardianship'>): string {
  const { role, number, name, guardianship } = row;
  return [role, number ?? name ?? '', ...(guardianship === undefined ? [] : [guardianship])].join(' ');
}

export function relationResource(
  row: RelationRow,
  patientId: string,
  id: string | undefined,
  before?: Resource,
): Resource {
  const isGuardian = row.role === 'verge';
  const relationship: Concept[] = [
    isGuardian
      ? { ...concept(ownSystems.guardian, 'GUARD', 'guardian'), ...(row.scope ? { text: row.scope } : {}) }
      : concept(noBasis.familyRelation, row.role),
    ...(isGuardian && row.guardianship ? [concept(ownSystems.guardianshipKind, row.guardianship)] : []),
    ...(isGuardian && row.guardianshipScope ? [concept(ownSystems.guardianshipScope, row.guardianshipScope)] : []),
    ...(row.responsibility ? [concept(noBasis.parentalResponsibility, row.responsibility)] : []),
  ];
  return plain({
    resourceType: 'RelatedPerson',
    ...(id === undefined ? {} : { id }),
    meta: { ...before?.meta, source: sourceOf('persons') },
    identifier: row.number === undefined ? undefined : [{ use: 'official', ...numberKey(row.number) }],
    active: row.to === undefined,
    patient: { reference: `Patient/${patientId}` },
    relationship,
    name: row.name === undefined ? undefined : [{ text: row.name }],
    period: row.from === undefined && row.to === undefined ? undefined : { start: row.from, end: row.to },
  });
}

/** A RelatedPerson as a row has it. */
export function relationRowOf(resource: Resource): RelationRow {
  const relationship = (resource['relationship'] as Concept[] | undefined) ?? [];
  const codeIn = (system: string): string | undefined =>
    relationship.flatMap(({ coding }) => coding ?? []).find((each) => each.system === system)?.code;
  const role = codeIn(noBasis.familyRelation) ?? 'verge';
  const [identifier] = (resource['identifier'] as Identifier[] | undefined) ?? [];
  const [name] = (resource['name'] as { text?: string }[] | undefined) ?? [];
  const period = (resource['period'] as Period | undefined) ?? {};
  return plain({
    role: role as RelationRow['role'],
    number: identifier?.value,
    name: name?.text,
    responsibility: codeIn(noBasis.parentalResponsibility) as RelationRow['responsibility'],
    guardianship: codeIn(ownSystems.guardianshipKind) as RelationRow['guardianship'],
    guardianshipScope: codeIn(ownSystems.guardianshipScope) as RelationRow['guardianshipScope'],
    scope: role === 'verge' ? relationship[0]?.text : undefined,
    from: period.start,
    to: period.end,
  });
}
