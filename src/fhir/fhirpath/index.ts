/** FHIRPath (http://hl7.org/fhirpath/N1/) for FHIR R4 (http://hl7.org/fhir/R4/fhirpath.html), compiled to functions. */
export { compile, rootNode, type CompileOptions, type Expression } from './expression.ts';
export { isNarrativeHtml } from './narrative.ts';
export { Node, pathOf } from './node.ts';
export { quantityOf } from './quantity.ts';
export type { Environment } from './scope.ts';
export { canonicalQuantity, createUcum } from './ucum.ts';
