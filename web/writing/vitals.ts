/** Vital signs of one round. What is wrong is amended by a new round: a measurement is not rewritten. */
import type { Consciousness } from '#shared/news2.ts';
import { observationsOf, signBounds, type Signs } from '../record/vital-signs.ts';
import { instantOf, typedOf } from '../text/typed-time.ts';
import { numberIn, type Field, type FormKind, type Values } from './form-kind.ts';

const numbers = ['breathing', 'saturation', 'oxygen', 'systolic', 'diastolic', 'pulse', 'temperature'] as const;

const numberField = (name: (typeof numbers)[number]): Field => {
  const [least, most, decimals] = signBounds[name];
  return { name, kind: 'number', least, most, decimals };
};

export function signsIn(values: Values): Signs {
  const signs = Object.fromEntries(
    numbers.flatMap((name) => {
      const value = numberIn(values[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  ) as Signs;
  const consciousness = values['consciousness'] ?? '';
  return consciousness === '' ? signs : { ...signs, consciousness: consciousness as Consciousness };
}

export const vitals: FormKind = {
  name: 'vitals',
  fields: [
    { name: 'at', kind: 'when', isRequired: true },
    numberField('breathing'),
    numberField('saturation'),
    numberField('oxygen'),
    numberField('systolic'),
    numberField('diastolic'),
    numberField('pulse'),
    { name: 'consciousness', kind: 'choice', options: ['A', 'C', 'V', 'P', 'U'] },
    numberField('temperature'),
  ],
  empty: (now) => ({ at: typedOf(now) }),
  problems(values) {
    const { systolic, diastolic } = values;
    const isHalf = (systolic ?? '').trim() === '' ? (diastolic ?? '').trim() !== '' : (diastolic ?? '').trim() === '';
    return {
      ...(Object.keys(signsIn(values)).length === 0 ? { breathing: 'nothing-measured' } : {}),
      ...(isHalf ? { [(systolic ?? '').trim() === '' ? 'systolic' : 'diastolic']: 'half-pressure' } : {}),
      ...((instantOf(values['at'] ?? '') ?? 0) > Date.now() + 5 * 60_000 ? { at: 'in-future' } : {}),
    };
  },
  resources: (values, { subject, author, encounter, now }) =>
    observationsOf(signsIn(values), {
      subject,
      performer: [author],
      effectiveDateTime: isoOf(values['at']) ?? now,
      issued: now,
      ...(encounter ? { encounter } : {}),
    }),
  seenOn: 'measurements',
};

/** What was typed as an instant of FHIR; undefined where nothing was. */
export function isoOf(typed: string | undefined): string | undefined {
  const at = instantOf(typed ?? '');
  return at === undefined ? undefined : new Date(at).toISOString();
}
