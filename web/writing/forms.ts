/** Everything that is written in a patient's record here, in the order of the list. */
import type { FormKind } from './form-kind.ts';
import { allergy, critical } from './dangers.ts';
import { order } from './orders.ts';
import { note, task } from './notes.ts';
import { condition, medicine } from './problems.ts';
import { vitals } from './vitals.ts';

export const forms: readonly FormKind[] = [vitals, note, allergy, critical, condition, medicine, order, task];
