import type { AllergyIntolerance, DocumentReference, FhirResource, Flag, MedicationStatement } from 'fhir/r4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conceptOf, codedValue, valueOfConcept } from './coded.ts';
import { forms } from './forms.ts';
import { numberIn, problemsOf, type Context, type FormKind, type Values } from './form-kind.ts';

const context: Context = {
  subject: { reference: 'Patient/1' },
  author: { reference: 'PractitionerRole/1', display: 'Kari Lege' },
  encounter: undefined,
  first: 'urn:uuid:00000000-0000-4000-8000-000000000001',
  now: '2026-11-23T12:00:00.000Z',
};
const formOf = (name: string): FormKind => forms.find((one) => one.name === name) as FormKind;
const made = <R extends FhirResource>(name: string, values: Values): R =>
  formOf(name).resources({ ...formOf(name).empty(Date.parse(context.now)), ...values }, context)[0] as R;

/** Something that could have been typed in each field of a form. */
const typedIn = ({ fields }: FormKind): fc.Arbitrary<Values> =>
  fc.record(
    Object.fromEntries(
      fields.map((field) => [
        field.name,
        field.kind === 'choice' || field.kind === 'select'
          ? fc.constantFrom(...field.options)
          : field.kind === 'day'
            ? fc.constantFrom('2026-11-01', '2020-02-29')
            : field.kind === 'when'
              ? fc.constantFrom('2026-11-23T04:10', '2026-07-01T23:59')
              : fc.stringMatching(/^[A-Za-zæøå][A-Za-zæøå0-9 ,.-]{0,20}[a-zæøå]$/),
      ]),
    ),
  );

test('what is written is read back as it was typed, so that two versions can be told apart field by field', () => {
  for (const form of forms.filter(({ change }) => change !== undefined)) {
    fc.assert(
      fc.property(typedIn(form), (values) => {
        const [resource] = form.resources(values, context);
        const read = form.change?.read(resource as FhirResource) ?? {};
        const asked = form.fields
          .filter(({ isAsked, isAid }) => !isAid && (isAsked?.(values) ?? true))
          .map(({ name }) => name);
        // What was entered by mistake, or is refuted, has no certainty of its own; an allergy of 2 of 7521 keeps it in its extension.
        expect(Object.fromEntries(asked.map((name) => [name, read[name]]))).toEqual(
          Object.fromEntries(
            asked.map((name) => [
              name,
              name === 'verified' && values['state'] === 'mistake' ? 'confirmed' : values[name],
            ]),
          ),
        );
      }),
      { numRuns: 50 },
    );
  }
});

test('a form that lacks what it needs says where, and takes no number that can not be', () => {
  expect(problemsOf(formOf('allergy'), {})).toMatchObject({ allergen: 'lacks', certainty: 'lacks', source: 'lacks' });
  expect(problemsOf(formOf('vitals'), { at: '2026-11-23T04:10' })).toEqual({ breathing: 'nothing-measured' });
  const vitals = { at: '2026-11-23T04:10', saturation: '101', systolic: '120', temperature: '38,2' };
  expect(problemsOf(formOf('vitals'), vitals)).toEqual({ saturation: 'out-of-bounds', diastolic: 'half-pressure' });
  expect(
    problemsOf(formOf('medicine'), {
      medicine: 'A',
      dosage: 'B',
      state: 'active',
      since: '2026-02-01',
      until: '2026-01-01',
    }),
  ).toEqual({
    until: 'before-start',
  });
  expect(['38,2', '38.2', '', 'x', '1e3', '--1'].map(numberIn)).toEqual([
    38.2,
    38.2,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a limit of treatment is a directive, isolation is not, and the rest has its category', () => {
  const flag = (kind: string, critical: string): Flag =>
    made<Flag>('critical', { kind, critical, certainty: '3', source: '2' });
  expect(flag('limit', 'HLR minus').category?.[0]?.coding?.[0]?.code).toBe('advance-directive');
  expect(flag('anaesthesia', 'Vanskelig luftvei').category?.map(({ coding }) => coding?.[0]?.code)).toEqual([
    'clinical',
    'anaesthesia',
  ]);
  expect(formOf('critical').change?.read(flag('isolation', 'Isolasjon, MRSA'))['kind']).toBe('isolation');
});

test('an allergy that was entered by mistake has no clinical status; a serious one is of high criticality', () => {
  const values = { allergen: 'Latex', category: 'environment', certainty: '3', severity: '1', source: '3' };
  expect(made<AllergyIntolerance>('allergy', values)).toMatchObject({ criticality: 'high' });
  expect(made<AllergyIntolerance>('allergy', { ...values, state: 'mistake' }).clinicalStatus).toBeUndefined();
});

test('a note is unsigned until somebody signs, and amended when it is signed anew', () => {
  const values = { title: 'Notat', text: 'Æ, 😀', at: '2026-11-23T04:10' };
  const draft = made<DocumentReference>('note', values);
  const signed = made<DocumentReference>('note', { ...values, signed: 'yes' });
  expect([draft.docStatus, signed.docStatus]).toEqual(['preliminary', 'final']);
  expect(draft.authenticator).toBeUndefined();
  const change = formOf('note').change;
  expect(change?.write(signed, { ...change.read(signed), signed: 'yes' }, context)).toMatchObject({
    docStatus: 'amended',
  });
  expect(change?.read(signed)['text']).toBe('Æ, 😀');
});

test('a dosage in other words loses the times that went with the old ones', () => {
  const before: MedicationStatement = {
    resourceType: 'MedicationStatement',
    status: 'active',
    subject: {},
    medicationReference: { reference: 'Medication/1', display: 'Furosemid tablett 40 mg' },
    dosage: [{ text: '1 tablett', timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } }],
  };
  const change = formOf('medicine').change as NonNullable<FormKind['change']>;
  const same = change.write(before, change.read(before), context) as MedicationStatement;
  expect(same.dosage?.[0]?.timing).toBeDefined();
  expect(same.medicationReference).toEqual(before.medicationReference);
  const other = change.write(before, { ...change.read(before), dosage: '2 tabletter' }, context) as MedicationStatement;
  expect(other.dosage).toEqual([{ text: '2 tabletter' }]);
});

test('a code stays a code, and words stay words', () => {
  const coded = codedValue({ text: 'Pneumoni', system: 'urn:x', code: 'J189' });
  expect(valueOfConcept(conceptOf(coded))).toBe(coded);
  expect(conceptOf('Bare ord')).toEqual({ text: 'Bare ord' });
});
