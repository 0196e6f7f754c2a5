/** CodeSystem/$subsumes, https://hl7.org/fhir/R4/codesystem-operation-subsumes.html */
import { Fault } from '#kernel/fault.ts';
import type { CodeSystemIndex } from './code-system.ts';

export type Subsumption = 'equivalent' | 'subsumes' | 'subsumed-by' | 'not-subsumed';

/** How the first code stands to the second in the system's hierarchy. Faults: notFound when one is not here. */
export function subsumption(index: CodeSystemIndex, codeA: string, codeB: string): Subsumption {
  const rowA = existing(index, codeA);
  const rowB = existing(index, codeB);
  if (rowA === rowB) return 'equivalent';
  if (index.ancestors(rowB).has(rowA)) return 'subsumes';
  return index.ancestors(rowA).has(rowB) ? 'subsumed-by' : 'not-subsumed';
}

function existing(index: CodeSystemIndex, code: string): number {
  const row = index.row(code);
  if (row < 0) throw new Fault('notFound', `${index.head.url} as it is held here has no code "${code}"`);
  return row;
}
