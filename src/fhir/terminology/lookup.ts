/** CodeSystem/$lookup, https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
import { Fault } from '#kernel/fault.ts';
import type { CodeSystemIndex } from './code-system.ts';
import { languageFits } from './code-system.ts';
import type { ConceptProperty, Designation } from './model.ts';
import type { Parameter, Parameters } from './operation-input.ts';

export type LookupRequest = { code: string; displayLanguage?: string | undefined; properties: readonly string[] };

/** Everything that is known of a code: display, designations, properties, the codes above and below. Faults: notFound. */
export function lookupIn(index: CodeSystemIndex, request: LookupRequest): Parameters {
  const row = index.row(request.code);
  if (row < 0) throw new Fault('notFound', `${index.head.url} as it is held here has no code "${request.code}"`);
  const wants = (property: string): boolean =>
    request.properties.length === 0 || request.properties.includes(property) || request.properties.includes('*');
  const parameter: Parameter[] = [{ name: 'name', valueString: index.head.title ?? index.head.name ?? index.head.url }];
  if (index.head.version !== undefined) parameter.push({ name: 'version', valueString: index.head.version });
  // `display` is mandatory in the answer; a category that the source gives no text is shown as its code, never with a made-up text.
  parameter.push({ name: 'display', valueString: index.display(row, request.displayLanguage) ?? index.code(row) });
  const definition = index.definition(row);
  if (definition !== undefined && wants('definition')) parameter.push({ name: 'definition', valueString: definition });
  parameter.push({ name: 'abstract', valueBoolean: index.isAbstract(row) });
  if (wants('designation')) {
    for (const designation of index.designations(row)) {
      if (
        request.displayLanguage === undefined ||
        languageFits(request.displayLanguage, designation.language ?? request.displayLanguage)
      ) {
        parameter.push(designationPart(designation));
      }
    }
  }
  parameter.push(...relatives(index, row, wants));
  for (const property of index.properties(row)) {
    if (wants(property.code) && property.code !== 'parent' && property.code !== 'child')
      parameter.push(propertyPart(property));
  }
  return { resourceType: 'Parameters', parameter };
}

function relatives(index: CodeSystemIndex, row: number, wants: (property: string) => boolean): Parameter[] {
  const related = (name: string, rows: readonly number[]): Parameter[] =>
    wants(name) ? rows.map((each) => relative(name, index, each)) : [];
  const inactive: Parameter[] = wants('inactive')
    ? [
        {
          name: 'property',
          part: [
            { name: 'code', valueCode: 'inactive' },
            { name: 'value', valueBoolean: index.isInactive(row) },
          ],
        },
      ]
    : [];
  return [...related('parent', index.parents(row)), ...related('child', index.children(row)), ...inactive];
}

function relative(name: string, index: CodeSystemIndex, row: number): Parameter {
  const part: Parameter[] = [
    { name: 'code', valueCode: name },
    { name: 'value', valueCode: index.code(row) },
  ];
  const display = index.display(row);
  if (display !== undefined) part.push({ name: 'description', valueString: display });
  return { name: 'property', part };
}

function designationPart({ language, use, value }: Designation): Parameter {
  const part: Parameter[] = [];
  if (language !== undefined) part.push({ name: 'language', valueCode: language });
  if (use !== undefined) part.push({ name: 'use', valueCoding: use });
  part.push({ name: 'value', valueString: value });
  return { name: 'designation', part };
}

function propertyPart(property: ConceptProperty): Parameter {
  const values = Object.entries(property).filter(([name]) => name.startsWith('value'));
  const part: Parameter[] = [{ name: 'code', valueCode: property.code }];
  for (const [name, value] of values) part.push({ name: 'value', [name]: value });
  return { name: 'property', part };
}
