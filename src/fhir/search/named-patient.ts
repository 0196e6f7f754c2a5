/** The one patient whose record a search is about, where its conditions name one. */
import type { Condition } from './condition.ts';
import type { MatchParts } from './match.ts';

/**
 * The patient that everything found must belong to: by a compartment, or by the reference that a type lies in a patient's record by.
 * @param condition resolved; undefined when the search may find what lies in the records of several
 */
export function namedPatient({ catalog }: Pick<MatchParts, 'catalog'>, condition: Condition): string | undefined {
  for (const one of condition.kind === 'all' ? condition.of : [condition]) {
    if (one.kind === 'compartment' && one.code === 'Patient') return one.id;
    if (one.kind !== 'reference') continue;
    // A bare id may be that of any type the element takes: `patient=1` is Patient/1, and Group/1 lies in nobody's record.
    const patients = one.literals.filter((literal) => /^Patient\/[A-Za-z0-9\-.]{1,64}$/.test(literal));
    if (patients.length !== 1 || one.literals.some((literal) => literal.includes(':'))) continue;
    const isOwn = one.uses.every(({ unit }) => {
      const compartment = catalog.compartment('Patient', unit.type);
      return (
        compartment !== undefined && !compartment.isItself && compartment.uses[0]?.unit === unit && unit.path.single
      );
    });
    if (isOwn) return patients[0]?.slice('Patient/'.length);
  }
  return undefined;
}
