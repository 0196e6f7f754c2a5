/** FHIRPath (http://hl7.org/fhirpath/N1/) for FHIR R4 (http://hl7.org/fhir/R4/fhirpath.html), compiled to functions. */
export { compile, rootNode, type CompileOptions, type Expression } from './expression.ts';
export { Node, pathOf, type Nodes } from './node.ts';
export { quantityOf, type Quantity } from './quantity.ts';
export { literalTarget } from './reference.ts';
export type { Environment } from './scope.ts';
export { canonicalQuantity, createUcum, type CanonicalQuantity, type Ucum } from './ucum.ts';
export { isNarrativeHtml } from './narrative.ts';
