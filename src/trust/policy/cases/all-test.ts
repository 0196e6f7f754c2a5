/** The whole table. */
import { citizenCases } from './citizen-cases-test.ts';
import { closingCases } from './closing-cases-test.ts';
import { dutyCases } from './duty-cases-test.ts';
import { personnelCases } from './personnel-cases-test.ts';
import { relationshipCases } from './relationship-cases-test.ts';
import { representationCases } from './representation-cases-test.ts';
import type { Row } from './row-test.ts';
import { systemCases } from './system-cases-test.ts';

export const cases: readonly Row[] = [
  ...personnelCases,
  ...relationshipCases,
  ...closingCases,
  ...dutyCases,
  ...citizenCases,
  ...representationCases,
  ...systemCases,
];
