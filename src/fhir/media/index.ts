/** How resources are asked for and shown: formats (https://hl7.org/fhir/R4/http.html#mime-type), `_pretty`, `_summary`, `_elements`. */
export { chooseFormat, requestFormat, type Format } from './format.ts';
export { isPretty, project, projectionOf, type Projection, type Summary } from './projection.ts';
