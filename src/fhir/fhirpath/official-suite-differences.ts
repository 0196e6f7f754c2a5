/** Cases of the official suite where the engine answers otherwise, with the reason, and stand-ins for inputs that the suite's copy lacks. */
import type { Resource } from '../types.ts';

const leadingZeros =
  'The suite takes 0.0034 to one digit as 0.0 in every direction, yet 1.587 to two digits as 1.58 below and 1.59 above. A boundary must ' +
  'not lie inside the range that it bounds, so the engine rounds outwards for small numbers too.';

export const differences: Readonly<Record<string, string>> = {
  LowBoundaryDecimal15: leadingZeros,
  HighBoundaryDecimal15: leadingZeros,
  HighBoundaryDecimal16: leadingZeros,
};

const concepts = Array.from({ length: 10 }, (_, at) => ({ code: `c${at}` }));

/** Input files that are not part of the copy: made here with what the cases ask about. */
export const standIns: Readonly<Record<string, Resource>> = {
  'appointment-examplereq.json': {
    resourceType: 'Appointment',
    status: 'proposed',
    identifier: [{ system: 'http://example.org/sampleappointment-identifier', value: '123' }],
  },
  'explanationofbenefit-example.json': {
    resourceType: 'ExplanationOfBenefit',
    item: [{ sequence: 1, informationSequence: [1, 2] }],
    supportingInfo: [{ sequence: 1, category: { coding: [{ code: 'additionalbodysite' }] } }],
  },
  'parameters-example-types.xml': {
    resourceType: 'Parameters',
    parameter: [
      { name: 'string', valueString: 'string' },
      { name: 'integer', valueInteger: 1 },
      { name: 'uuid', valueUuid: 'urn:uuid:0f6f6d6c-8e3b-4a6a-9d5c-1f6a2b3c4d5e' },
      { name: 'decimal', valueDecimal: 1.5 },
    ],
  },
  'patient-container-example.json': {
    resourceType: 'Patient',
    contained: [{ resourceType: 'Organization', id: '1', name: 'Contained' }],
  },
  'patient-example-period.xml': {
    resourceType: 'Patient',
    identifier: [
      { period: { start: '2021-01-01', end: '2021-12-31' } },
      { period: { start: '2021-07-01', end: '2021-07-01T12:00:00Z' } },
    ],
  },
  'patient-name-extensions.json': {
    resourceType: 'Patient',
    name: [{ given: [null, 'B'], _given: [{ extension: [{ url: 'urn:example:reason', valueCode: 'masked' }] }, null] }],
  },
  'valueset-example-expansion.xml': {
    resourceType: 'ValueSet',
    version: '20150622',
    expansion: { contains: [{ contains: concepts.slice(0, 6) }, ...concepts.slice(6, 9)] },
  },
};
