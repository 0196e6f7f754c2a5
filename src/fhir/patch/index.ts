/** Patches (https://hl7.org/fhir/R4/http.html#patch): a new resource from an old one, all operations or none. */
export { applyJsonPatch } from './json-patch.ts';
export { applyFhirPathPatch, type PatchOptions, type PathNode } from './fhirpath-patch.ts';
