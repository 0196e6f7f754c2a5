/** Custody as it lies in the patient's record: a Basic that names the encounter, the node that writes it, and how it came to. Pure. */
import type { Resource } from '#fhir/types.ts';
import { codeSystem, createFhirVocabulary, custodyCode } from '../node/fhir-vocabulary.ts';
import { custodyResourceOf } from '../protocol/custody.ts';
import { custodyActs, type CustodyAct, type CustodyStep } from './contract.ts';

const { hash } = createFhirVocabulary({ nodeOfPlace: () => undefined });

/** The id of the Basic that says who writes this encounter (an id without its type). */
export function custodyIdOf(encounter: string): string {
  return custodyResourceOf({ hash }, `Encounter/${encounter}`).slice('Basic/'.length);
}

export type Custody = { encounter: string; isSeized: boolean; step: CustodyStep };

type Json = { readonly [element: string]: unknown };
const fieldsOf = (value: unknown): Json => (value ?? {}) as Json;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export function isCustody(resource: Resource | undefined): boolean {
  const codings = fieldsOf(resource?.['code'])['coding'];
  return (
    resource?.resourceType === 'Basic' &&
    Array.isArray(codings) &&
    codings.some((one: Json) => one['system'] === codeSystem && one['code'] === custodyCode)
  );
}

/** Undefined for what is no custody. */
export function custodyIn(basic: Resource): Custody | undefined {
  if (!isCustody(basic)) return undefined;
  const extensions = Array.isArray(basic['extension']) ? (basic['extension'] as Json[]) : [];
  const told = (name: string): string | undefined =>
    textOf(extensions.find(({ url }) => url === `${codeSystem}/${name}`)?.['valueString']);
  const [encounter, holder] = [told('encounter'), told('holder')];
  if (encounter === undefined || holder === undefined) return undefined;
  const act = told('act');
  const author = fieldsOf(basic['author']);
  return {
    encounter: encounter.replace(/^Encounter\//, ''),
    isSeized: told('seized') !== undefined,
    step: {
      act: custodyActs.find((one) => one === act) ?? 'take',
      holder,
      from: told('from'),
      at: told('at') ?? textOf(basic.meta?.lastUpdated) ?? '',
      by: { reference: textOf(author['reference']) ?? '', name: textOf(author['display']) ?? '' },
      reason: told('reason'),
    },
  };
}

/** @param step `act` `seize` marks it as seized */
export function custodyResource(patient: string, encounter: string, step: CustodyStep): Resource {
  const { act, holder, from, at, by, reason } = step;
  const told: [string, string | undefined][] = [
    ['encounter', `Encounter/${encounter}`],
    ['holder', holder],
    ['act', act],
    ['at', at],
    ['from', from],
    ['reason', reason],
    ['seized', act === 'seize' ? reason : undefined],
  ];
  return {
    resourceType: 'Basic',
    id: custodyIdOf(encounter),
    extension: told.flatMap(([name, value]) =>
      value === undefined ? [] : [{ url: `${codeSystem}/${name}`, valueString: value }],
    ),
    code: { coding: [{ system: codeSystem, code: custodyCode }] },
    subject: { reference: `Patient/${patient}` },
    created: at.slice(0, 10),
    author: { reference: by.reference, display: by.name },
  };
}

/** What may be done at a node, by who has it. */
export function actsAt(here: string, custody: Custody | undefined): CustodyAct[] {
  if (custody === undefined) return ['take'];
  const { holder, from } = custody.step;
  if (holder !== here) return ['seize'];
  return from === undefined || from === here ? ['pass'] : ['pass', 'return'];
}
