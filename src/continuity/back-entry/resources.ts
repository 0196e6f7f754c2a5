/**
 * What a form becomes in the record: resources that carry the form's number, the time stated on the paper, and in a Provenance the time of entry, who
 * entered and who compared. Pure: the same form gives the same resources, so that recording it twice makes nothing twice.
 */
import type {
  DocumentReference,
  MedicationAdministration,
  MedicationRequest,
  Observation,
  Provenance,
  ServiceRequest,
} from 'fhir/r4.js';
import type { Resource } from '#fhir/types.ts';
import type { EntryOf, FormEntry } from './contract.ts';
import type { Signature } from './form-store.ts';

/** Identifiers of what came from paper: `<node>:<form's code>`, and `/n` for the n-th thing on it. */
export const formSystem = 'urn:fyr:downtime-form';

export type Recording = {
  node: string;
  code: string;
  entry: FormEntry;
  /** ISO 8601. */
  enteredAt: string;
  enteredBy: Signature;
  verifiedBy: Signature | undefined;
};

type Draft = Omit<Resource, 'id'> & { resourceType: string };

/** One id each is needed; `resourcesOf` takes them in this order. */
export const resourceTypesOf = (entry: FormEntry): string[] =>
  [...draftsOf(entry, () => [], '1970-01-01T00:00:00Z'), { resourceType: 'Provenance' }].map(
    ({ resourceType }) => resourceType,
  );

export function resourcesOf(recording: Recording, ids: readonly string[]): Resource[] {
  const { node, code, entry, enteredAt } = recording;
  let count = 0;
  const identifier = (): { system: string; value: string }[] => [
    { system: formSystem, value: `${node}:${code}/${++count}` },
  ];
  const drafts = draftsOf(entry, identifier, enteredAt).map(
    (draft, index) => ({ ...draft, id: ids[index] as string }) as Resource,
  );
  return [...drafts, provenanceOf(recording, drafts, ids[drafts.length] as string)];
}

type Numbered = () => { system: string; value: string }[];

function draftsOf(entry: FormEntry, identifier: Numbered, enteredAt: string): Draft[] {
  switch (entry.kind) {
    case 'vitals':
      return observationsOf(entry, identifier, enteredAt);
    case 'doses':
      return administrationsOf(entry, identifier);
    case 'order':
      return ordersOf(entry, identifier);
    case 'note':
      return [noteOf({ ...entry, about: entry.title }, identifier, enteredAt)];
    case 'newPatient': {
      const { statedName, statedNumber, text } = entry;
      const lines = [
        'Registrert på papir under nettbrudd.',
        ...(statedName ? [`Oppgitt navn: ${statedName}`] : []),
        ...(statedNumber ? [`Oppgitt nummer: ${statedNumber}`] : []),
        ...(text ? ['', text] : []),
      ];
      const about = 'Ny pasient under nettbrudd';
      return [noteOf({ ...entry, about, text: lines.join('\n') }, identifier, enteredAt)];
    }
  }
}

const vitalCategory = [
  {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }],
  },
];
const loinc = (code: string, display: string, text = display): NonNullable<Observation['code']> => ({
  coding: [{ system: 'http://loinc.org', code, display }],
  text,
});
const ucum = (value: number, unit: string, code = unit): NonNullable<Observation['valueQuantity']> => ({
  value,
  unit,
  system: 'http://unitsofmeasure.org',
  code,
});

/** ACVPU as NEWS2 has it: LOINC's answers (LL5396-1 and its kin) have no letter C, so the letters are said as text with LOINC's question. */
const consciousnessWords = {
  A: 'A: våken',
  C: 'C: nyoppstått forvirring',
  V: 'V: reagerer på tiltale',
  P: 'P: reagerer på smerte',
  U: 'U: reagerer ikke',
} as const;

function observationsOf(entry: EntryOf<'vitals'>, identifier: Numbered, enteredAt: string): Draft[] {
  const subject = { reference: `Patient/${entry.patient}` };
  return entry.rows.flatMap((row) => {
    const observation = (code: Observation['code'], rest: Partial<Observation>): Draft =>
      ({
        resourceType: 'Observation',
        identifier: identifier(),
        status: 'final',
        category: vitalCategory,
        code,
        subject,
        effectiveDateTime: row.at,
        issued: enteredAt,
        ...(row.by === undefined ? {} : { performer: [{ display: row.by }] }),
        ...rest,
      }) satisfies Observation as Draft;
    const value = (code: Observation['code'], quantity: NonNullable<Observation['valueQuantity']>): Draft =>
      observation(code, { valueQuantity: quantity });
    const { breathing, saturation, oxygenLitres, systolic, diastolic, pulse, consciousness, temperature } = row;
    const pressure = (
      code: string,
      display: string,
      amount: number,
    ): NonNullable<Observation['component']>[number] => ({
      code: loinc(code, display),
      valueQuantity: ucum(amount, 'mm[Hg]'),
    });
    const found: (Draft | undefined)[] = [
      breathing === undefined ? undefined : value(loinc('9279-1', 'Respiratory rate'), ucum(breathing, '/min')),
      saturation === undefined
        ? undefined
        : value(loinc('2708-6', 'Oxygen saturation in Arterial blood'), ucum(saturation, '%')),
      oxygenLitres === undefined
        ? undefined
        : value(loinc('3151-8', 'Inhaled oxygen flow rate'), ucum(oxygenLitres, 'L/min')),
      systolic === undefined || diastolic === undefined
        ? undefined
        : observation(loinc('85354-9', 'Blood pressure panel with all children optional'), {
            component: [
              pressure('8480-6', 'Systolic blood pressure', systolic),
              pressure('8462-4', 'Diastolic blood pressure', diastolic),
            ],
          }),
      pulse === undefined ? undefined : value(loinc('8867-4', 'Heart rate'), ucum(pulse, '/min')),
      consciousness === undefined
        ? undefined
        : observation(loinc('67775-7', 'Level of responsiveness'), {
            valueCodeableConcept: { text: consciousnessWords[consciousness] },
          }),
      temperature === undefined
        ? undefined
        : value(loinc('8310-5', 'Body temperature'), ucum(temperature, '°C', 'Cel')),
    ];
    return found.filter((one) => one !== undefined);
  });
}

function administrationsOf(entry: EntryOf<'doses'>, identifier: Numbered): Draft[] {
  return entry.rows.map(
    ({ at, by, request, medicine, dose, given, remark }) =>
      ({
        resourceType: 'MedicationAdministration',
        identifier: identifier(),
        status: given ? 'completed' : 'not-done',
        ...(given || remark === undefined ? {} : { statusReason: [{ text: remark }] }),
        medicationCodeableConcept: { text: medicine },
        subject: { reference: `Patient/${entry.patient}` },
        effectiveDateTime: at,
        ...(by === undefined ? {} : { performer: [{ actor: { display: by } }] }),
        ...(request === undefined ? {} : { request: { reference: `MedicationRequest/${request}` } }),
        ...(given && remark !== undefined ? { note: [{ text: remark }] } : {}),
        ...(dose === undefined ? {} : { dosage: { dose } }),
      }) satisfies MedicationAdministration as Draft,
  );
}

function ordersOf(entry: EntryOf<'order'>, identifier: Numbered): Draft[] {
  const subject = { reference: `Patient/${entry.patient}` };
  return entry.rows.map(({ at, by, kind, what, dosage, urgency }) => {
    const shared = {
      identifier: identifier(),
      status: 'active' as const,
      intent: 'order' as const,
      priority: urgency,
      subject,
      authoredOn: at,
      requester: { display: by },
    };
    if (kind === 'service')
      return {
        resourceType: 'ServiceRequest',
        ...shared,
        code: { text: what },
        ...(dosage === undefined ? {} : { note: [{ text: dosage }] }),
      } satisfies ServiceRequest as Draft;
    return {
      resourceType: 'MedicationRequest',
      ...shared,
      category: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', code: 'inpatient' }],
        },
      ],
      medicationCodeableConcept: { text: what },
      ...(dosage === undefined ? {} : { dosageInstruction: [{ text: dosage }] }),
    } satisfies MedicationRequest as Draft;
  });
}

type Note = { patient: string; at: string; by: string; about: string; text: string };

function noteOf({ patient, at, by, about, text }: Note, identifier: Numbered, enteredAt: string): Draft {
  return {
    resourceType: 'DocumentReference',
    identifier: identifier(),
    status: 'current',
    type: { text: about },
    subject: { reference: `Patient/${patient}` },
    date: enteredAt,
    author: [{ display: by }],
    description: about,
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          language: 'nb',
          data: Buffer.from(text).toString('base64'),
          title: about,
          creation: at,
        },
      },
    ],
  } satisfies DocumentReference as Draft;
}

const participant = (code: string): Provenance['agent'][number]['type'] => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code }],
});

/** When it was done by the paper, when it came into the record, and by whom. */
function provenanceOf(recording: Recording, drafts: readonly Resource[], id: string): Resource {
  const { node, code, entry, enteredAt, enteredBy, verifiedBy } = recording;
  const [start, end] = [statedTimes(entry)[0] as string, statedTimes(entry).at(-1) as string];
  const agent = (type: string, { reference, name }: Signature): Provenance['agent'][number] => ({
    type: participant(type),
    who: { reference, display: name },
  });
  return {
    resourceType: 'Provenance',
    id,
    target: [
      ...drafts.map(({ resourceType, id: own }) => ({ reference: `${resourceType}/${own}` })),
      { reference: `Patient/${entry.patient}` },
    ],
    occurredPeriod: { start, end },
    recorded: enteredAt,
    activity: { text: 'Etterregistrert fra papir' },
    agent: [agent('enterer', enteredBy), ...(verifiedBy === undefined ? [] : [agent('verifier', verifiedBy)])],
    entity: [
      {
        role: 'source',
        what: { identifier: { system: formSystem, value: `${node}:${code}` }, display: `Skjema ${code}` },
      },
    ],
  } satisfies Provenance as Resource;
}

/** The times that stand on the paper, earliest first. */
export function statedTimes(entry: FormEntry): string[] {
  const times = 'rows' in entry ? entry.rows.map(({ at }) => at) : [entry.at];
  return times.toSorted((a, b) => Date.parse(a) - Date.parse(b));
}
