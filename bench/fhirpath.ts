/**
 * What FHIRPath costs, warm, on one thread: all Observation search parameters of R4 on one Synthea-like Observation, and the
 * invariants of R4 on each of its elements. Run: node bench/fhirpath.ts
 */
import { loadDefinitions, type Constraint } from '#fhir/definitions/index.ts';
import { compile, createUcum, rootNode, type Expression, type Node } from '#fhir/fhirpath/index.ts';

const observation = {
  resourceType: 'Observation',
  id: '8f1b6c1e-0c1e-4e0e-9b1a-2a2c8f6d7e10',
  meta: { profile: ['http://hl7.org/fhir/StructureDefinition/vitalsigns'] },
  status: 'final',
  category: [
    {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/observation-category',
          code: 'vital-signs',
          display: 'vital-signs',
        },
      ],
    },
  ],
  code: {
    coding: [{ system: 'http://loinc.org', code: '85354-9', display: 'Blood Pressure' }],
    text: 'Blood Pressure',
  },
  subject: { reference: 'Patient/4b0ac6ae-9a3c-4c2a-8a62-3a8d7c0f8a11' },
  encounter: { reference: 'Encounter/5d7b2e0f-1f57-4b7c-9f0e-7b1c9a6b3d22' },
  effectiveDateTime: '2019-08-01T12:08:33+02:00',
  issued: '2019-08-01T12:08:33.215+02:00',
  component: [
    {
      code: { coding: [{ system: 'http://loinc.org', code: '8462-4', display: 'Diastolic' }], text: 'Diastolic' },
      valueQuantity: { value: 78, unit: 'mm[Hg]', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    },
    {
      code: { coding: [{ system: 'http://loinc.org', code: '8480-6', display: 'Systolic' }], text: 'Systolic' },
      valueQuantity: { value: 119, unit: 'mm[Hg]', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    },
  ],
};

const { model, searchParameters } = loadDefinitions();
const ucum = createUcum();

/** Median microseconds of one run over `batches` batches of `runs`, after as many batches to warm up. */
function measure(run: () => void, runs: number, batches = 15): number {
  const figures: number[] = [];
  for (let batch = 0; batch < batches * 2; batch++) {
    const start = process.hrtime.bigint();
    for (let at = 0; at < runs; at++) run();
    if (batch >= batches) figures.push(Number(process.hrtime.bigint() - start) / 1e3 / runs);
  }
  return figures.sort((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}

function searchCost(): void {
  const applicable = searchParameters.filter(
    ({ base, expression }) => expression !== undefined && base.includes('Observation'),
  );
  const compileStart = performance.now();
  const expressions = applicable.map(({ expression }) => compile(expression!, { model, type: 'Observation', ucum }));
  const compileMs = performance.now() - compileStart;
  let found = 0;
  const cost = measure(() => {
    const root = rootNode(observation)!;
    for (const expression of expressions) found += expression.evaluate(root).length;
  }, 2_000);
  console.log(
    `${expressions.length} Observation search parameters: ${cost.toFixed(1)} µs (compiled in ${compileMs.toFixed(0)} ms)`,
  );
  if (found === 0) throw new Error('nothing was found');
}

/** ele-1 holds for every element; the compact definitions leave it out because validation checks it by hand. */
const everyElement: Pick<Constraint, 'key' | 'expression'> = {
  key: 'ele-1',
  expression: 'hasValue() or (children().count() > id.count())',
};

type Check = { node: Node; expression: Expression; key: string };

/** Each element of the Observation with the invariants that R4 puts on its type and on the element itself. */
function checksOf(): Check[] {
  const compiled = new Map<string, Expression>();
  const prepare = (text: string, type: string): Expression => {
    const key = `${type} ${text}`;
    const expression = compiled.get(key) ?? compile(text, { model, type, ucum });
    compiled.set(key, expression);
    return expression;
  };
  const root = rootNode(observation)!;
  const nodes = [root, ...compile('descendants()', { model }).evaluate(root)];
  return nodes.flatMap((node) => {
    const parent = node.parent && model.element(node.parent.type, node.name ?? '');
    const constraints = [everyElement, ...(model.type(node.type)?.constraints ?? []), ...(parent?.constraints ?? [])];
    return constraints.map(({ expression, key }) => ({ node, key, expression: prepare(expression, node.type) }));
  });
}

function invariantCost(): void {
  const checks = checksOf();
  const environment = { resource: rootNode(observation)!, now: Date.UTC(2026, 0, 1) };
  const cost = measure(() => {
    for (const { node, expression } of checks) expression.test(node, environment);
  }, 500);
  const failed = checks.filter(({ node, expression }) => expression.test(node, environment) !== true);
  console.log(
    `${checks.length} invariants on the elements of that Observation: ${cost.toFixed(1)} µs, ` +
      `${(cost / checks.length).toFixed(2)} µs each (${failed.length} not fulfilled)`,
  );
}

searchCost();
invariantCost();
