/** HL7's own examples are the best judge of what is valid: all of them pass, except those that break R4's rules, each with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../definitions/index.ts';
import { parseJson } from '../json/index.ts';
import type { Resource } from '../types.ts';
import { createValidator } from './index.ts';

const folder = new URL('../../../node_modules/hl7.fhir.r4.examples/', import.meta.url);
const validator = createValidator({
  definitions: loadDefinitions(),
  strictProfiles: false,
  clock: { now: () => Date.parse('2026-01-01T00:00:00Z') },
});

/** Examples of HL7 that R4 itself refuses: file, where, and which rule. */
const broken: Record<string, [expression: string, code: string]> = {
  'ActivityDefinition-blood-tubes-supply.json': ['ActivityDefinition.text.div', 'invariant'],
  'ActivityDefinition-heart-valve-replacement.json': ['ActivityDefinition.text.div', 'invariant'],
  'DeviceMetric-example.json': ['DeviceMetric.parent.reference', 'value'],
  'DeviceUseStatement-example.json': ['DeviceUseStatement.reasonReference[0].reference', 'value'],
  'EventDefinition-example.json': ['EventDefinition.text.div', 'invariant'],
  'ImplementationGuide-fhir.json': ['ImplementationGuide.name', 'required'],
  'ig-r4.json': ['ImplementationGuide.name', 'required'],
  'MedicationRequest-medrx0301.json': ['MedicationRequest.dispenseRequest.performer.reference', 'value'],
  'Observation-clinical-gender.json': ['Observation.performer[0].reference', 'value'],
  'Questionnaire-qs1.json': ['Questionnaire.item[0].item[0].linkId', 'required'],
  'Questionnaire-zika-virus-exposure-assessment.json': ['Questionnaire.text.div', 'invariant'],
  'StructureDefinition-Definition.json': ['StructureDefinition', 'invariant'],
  'StructureDefinition-Event.json': ['StructureDefinition', 'invariant'],
  'StructureDefinition-FiveWs.json': ['StructureDefinition', 'invariant'],
  'StructureDefinition-Request.json': ['StructureDefinition', 'invariant'],
};
/** SearchParameters on extensions: an empty `base`, and one id of more than 64 letters. */
const brokenSearchParameter = /^SearchParameter-(?:codesystem|valueset|questionnaireresponse)-extensions-/;
const definitions = /^(?:SearchParameter|ValueSet|CodeSystem|StructureDefinition|ConceptMap|OperationDefinition)-/;
/** Of the many definitions one in ten, so that the test stays short; of all else, everything. */
const isChosen = (name: string, index: number): boolean =>
  !definitions.test(name) || index % 10 === 0 || name in broken;

const names = readdirSync(folder).filter(
  (name) => name.endsWith('.json') && name !== 'package.json' && !name.startsWith('.'),
);

const read = (name: string): Resource | undefined => {
  const text = readFileSync(new URL(name, folder), 'utf8');
  return text.length > 2e6 ? undefined : (parseJson(text) as Resource);
};

test('every official example is valid, except those known to break a rule', () => {
  const wrong: string[] = [];
  let count = 0;
  for (const name of names.filter(isChosen)) {
    const resource = read(name);
    if (resource?.resourceType === undefined) continue;
    count += 1;
    const errors = validator.validate(resource).issues.filter((issue) => issue.severity === 'error');
    const expected = broken[name];
    if (expected !== undefined) {
      expect([errors[0]?.expression?.[0], errors[0]?.code], name).toEqual(expected);
    } else if (errors.length > 0 && !brokenSearchParameter.test(name)) {
      wrong.push(`${name}: ${errors[0]?.expression?.[0]} ${errors[0]?.diagnostics}`);
    }
  }
  expect(count).toBeGreaterThan(1_000);
  expect(wrong).toEqual([]);
}, 60_000);

test('no rule of R4 is left unchecked because its expression could not be run', () => {
  const unrun = new Set<string>();
  for (const name of names.filter((one) => !definitions.test(one))) {
    const resource = read(name);
    if (resource?.resourceType === undefined) continue;
    for (const issue of validator.validate(resource).issues) {
      if (issue.code === 'processing') unrun.add(`${name}: ${issue.diagnostics}`);
    }
  }
  expect([...unrun]).toEqual([]);
}, 60_000);
