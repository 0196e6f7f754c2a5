/** Every function that an expression may call, by name. */
import { calendarFunctions } from './calendar.ts';
import { collectionFunctions } from './collections.ts';
import { conversionFunctions } from './conversion.ts';
import type { FunctionDefinition } from './definition.ts';
import { existenceFunctions } from './existence.ts';
import { fhirFunctions } from './fhir.ts';
import { mathFunctions } from './math.ts';
import { textFunctions } from './text.ts';
import { utilityFunctions } from './utility.ts';

export const functions: ReadonlyMap<string, FunctionDefinition> = new Map([
  ...Object.entries(existenceFunctions),
  ...Object.entries(collectionFunctions),
  ...Object.entries(conversionFunctions),
  ...Object.entries(textFunctions),
  ...Object.entries(mathFunctions),
  ...Object.entries(calendarFunctions),
  ...Object.entries(fhirFunctions),
  ...Object.entries(utilityFunctions),
]);
