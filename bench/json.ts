/** What strict JSON costs beyond `JSON.parse`, on an Observation of about 1 kB. Budget: 6 µs. Run: `node bench/json.ts`. */
import { parseJson } from '#fhir/json/index.ts';

const quantity = (value: number) => ({ value, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });
const coded = (system: string, code: string) => ({ coding: [{ system, code, display: 'Blodtrykk målt liggende' }] });
const observation = {
  resourceType: 'Observation',
  id: '0192f1a0-0000-7000-8000-000000000003',
  meta: { profile: ['http://hl7.org/fhir/StructureDefinition/vitalsigns'] },
  status: 'final',
  category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', 'vital-signs')],
  code: coded('http://loinc.org', '85354-9'),
  subject: { reference: 'Patient/0192f1a0-0000-7000-8000-000000000001' },
  effectiveDateTime: '2024-01-02T10:11:12+01:00',
  component: [
    { code: coded('http://loinc.org', '8480-6'), valueQuantity: quantity(107.5) },
    { code: coded('http://loinc.org', '8462-4'), valueQuantity: quantity(60) },
  ],
};

/** The best of several rounds, in microseconds: what the code costs when nothing else runs. */
function microseconds(act: (text: string) => unknown, text: string): number {
  let best = Infinity;
  for (let round = 0; round < 12; round += 1) {
    const begin = process.hrtime.bigint();
    for (let turn = 0; turn < 20_000; turn += 1) act(text);
    best = Math.min(best, Number(process.hrtime.bigint() - begin) / 20_000 / 1000);
  }
  return best;
}

const text = JSON.stringify(observation);
for (const [name, input] of [
  ['compact', text],
  ['indented', JSON.stringify(observation, undefined, 2)],
  ['with a decimal of 107.50', text.replace('107.5', '107.50')],
] as const) {
  const native = microseconds((json) => JSON.parse(json), input);
  const strict = microseconds((json) => parseJson(json), input);
  const figures = `JSON.parse ${native.toFixed(2)} µs, parseJson ${strict.toFixed(2)} µs, beyond ${(strict - native).toFixed(2)} µs`;
  process.stdout.write(`${name} (${input.length} characters): ${figures}\n`);
}
