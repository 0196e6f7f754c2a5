/** What the tests of terminology share: a terminology over HL7's own definitions, a record of a few resources, a code system of letters. */
import { Fault } from '#kernel/fault.ts';
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { loadTerminologyDefinitions } from '../definitions/index.ts';
import type { Resource } from '../types.ts';
import { createTerminology } from './index.ts';
import type { Parameters, Query, Terminology, TerminologySource } from './index.ts';

export const icd10 = 'urn:oid:2.16.578.1.12.4.1.1.7110';
export const icpc2 = 'urn:oid:2.16.578.1.12.4.1.1.7170';
export const gender = 'http://hl7.org/fhir/ValueSet/administrative-gender';
export const genderSystem = 'http://hl7.org/fhir/administrative-gender';

export const core = loadTerminologyDefinitions();
export const terminology = withSource(undefined);

export function withSource(source: TerminologySource | undefined): Terminology {
  const deps = { definitions: () => core, clock: systemClock, ids: systemIds(systemClock) };
  return createTerminology(source === undefined ? deps : { ...deps, source });
}

/** A record of a few resources, as the write path would hold it. */
export function record(
  ...resources: Resource[]
): TerminologySource & { put(resource: Resource): void; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    put: (resource) => void resources.unshift(resource),
    canonical: async (type, url) => {
      asked.push(`${type} ${url}`);
      return resources.find(
        (each) => each.resourceType === type && each['url'] === url && each['content'] !== 'supplement',
      );
    },
    supplements: async (url) => resources.filter((each) => each['supplements'] === url),
    conceptMaps: async () => resources.filter((each) => each.resourceType === 'ConceptMap'),
  };
}

export const valueSet = (compose: object): Parameters => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'valueSet', resource: { resourceType: 'ValueSet', status: 'active', compose } }],
});

export const codesOf = async (input: Parameters | Query, from = terminology): Promise<string[]> =>
  (await from.expand(input)).expansion?.contains?.map((each) => each.code ?? '') ?? [];

export const out = (parameters: Parameters, name: string): unknown => {
  const parameter = parameters.parameter?.find((each) => each.name === name);
  return Object.entries(parameter ?? {}).find(([key]) => key.startsWith('value'))?.[1];
};

export const issueCodes = (parameters: Parameters): string[] => {
  const outcome = parameters.parameter?.find((each) => each.name === 'issues')?.resource;
  return ((outcome?.['issue'] ?? []) as { code: string }[]).map((each) => each.code);
};

export async function faultOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('not refused'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof Fault)) throw error;
  return error.kind;
}

export const letters: Resource = {
  resourceType: 'CodeSystem',
  url: 'urn:letters',
  version: '1',
  status: 'active',
  content: 'complete',
  language: 'en',
  caseSensitive: true,
  property: [
    { code: 'kind', type: 'code' },
    { code: 'status', type: 'code' },
  ],
  concept: [
    {
      code: 'vowel',
      display: 'Vowel',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'a',
          display: 'A',
          property: [{ code: 'kind', valueCode: 'open' }],
          designation: [{ language: 'nb', value: 'Bokstaven A' }],
        },
        { code: 'e', display: 'E', concept: [{ code: 'é', display: 'E acute' }] },
        { code: 'o', display: 'O', property: [{ code: 'status', valueCode: 'retired' }] },
      ],
    },
    { code: 'b', display: 'B', property: [{ code: 'kind', valueCode: 'stop' }] },
  ],
};

export const filter = (property: string, op: string, value: string): Parameters =>
  valueSet({ include: [{ system: 'urn:letters', filter: [{ property, op, value }] }] });
