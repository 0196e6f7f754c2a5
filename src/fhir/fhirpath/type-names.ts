/** Type names in `is`, `as` and `ofType` (http://hl7.org/fhirpath/N1/#types, http://hl7.org/fhir/R4/fhirpath.html#types). */
import type { Model } from '../definitions/model.ts';
import type { TypeName } from './ast.ts';

const systemTypes: ReadonlySet<string> = new Set([
  'Boolean',
  'String',
  'Integer',
  'Long',
  'Decimal',
  'Date',
  'DateTime',
  'Time',
  'Quantity',
  'Any',
]);
/** Quantity profiles that R4 writes like types. */
const quantityProfiles: ReadonlySet<string> = new Set(['SimpleQuantity', 'MoneyQuantity']);

/** False for a name that neither FHIR nor System has; `System.Patient` is merely a type that nothing is of. */
export function isKnownType({ namespace, name }: TypeName, model: Model): boolean {
  if (namespace === 'System') return true;
  if (namespace !== undefined && namespace !== 'FHIR') return false;
  if (namespace === undefined && systemTypes.has(name)) return true;
  return model.type(name) !== undefined || quantityProfiles.has(name);
}

/** A test of node types against a name; what each type of the model answered is remembered. */
export function typeTest(type: TypeName, model: Model, match: 'is' | 'as'): (nodeType: string) => boolean {
  const known = new Map<string, boolean>();
  return (nodeType) => {
    let answer = known.get(nodeType);
    if (answer === undefined) {
      answer = matches(nodeType, type, model, match);
      if (model.type(nodeType)) known.set(nodeType, answer);
    }
    return answer;
  };
}

function matches(nodeType: string, { namespace, name }: TypeName, model: Model, match: 'is' | 'as'): boolean {
  if (nodeType.startsWith('System.')) return namespace !== 'FHIR' && (name === 'Any' || nodeType === `System.${name}`);
  if (namespace === 'System') return false;
  const wanted = quantityProfiles.has(name) ? 'Quantity' : name;
  // `as` and `ofType` take a primitive only as exactly its type: a code is a string, but not as(string).
  if (match === 'as' && model.type(wanted)?.kind === 'primitive') return nodeType === wanted;
  return model.isA(nodeType, wanted);
}
