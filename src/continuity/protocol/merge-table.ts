/**
 * What may be joined by the program when two nodes changed one version of a resource, by type and element, each with its clinical reason. What is not on
 * this list is for a person: both versions are kept and shown. Never on it: anything of a medicine, a dose, an allergy, a limit of treatment or a status.
 */

/** `either`: one side's change is taken when the other left the element alone. `union`: of a list, what either added is there, what either removed is gone. */
export type MergeRow = { type: string; element: string; how: 'either' | 'union'; because: string };

const telecom =
  'One number too many costs a call; one too few may cost hours. Both numbers stay, and who calls finds the one that answers.';

export const mergeTable: readonly MergeRow[] = [
  { type: 'Patient', element: 'telecom', how: 'union', because: telecom },
  {
    type: 'Patient',
    element: 'communication',
    how: 'union',
    because:
      'A language that either place learnt the patient speaks is true whatever the other wrote; it decides nothing but the interpreter.',
  },
  {
    type: 'Patient',
    element: 'contact',
    how: 'union',
    because:
      'A next of kin whom one place added is to be called too. Whoever was removed as wrong was removed by somebody who knew.',
  },
  { type: 'RelatedPerson', element: 'telecom', how: 'union', because: telecom },
  { type: 'Practitioner', element: 'telecom', how: 'union', because: telecom },
  { type: 'PractitionerRole', element: 'telecom', how: 'union', because: telecom },
  { type: 'Organization', element: 'telecom', how: 'union', because: telecom },
  { type: 'Location', element: 'telecom', how: 'union', because: telecom },
  {
    type: 'PractitionerRole',
    element: 'availabilityExceptions',
    how: 'either',
    because: 'When somebody can be reached is told on a page; no treatment rests on it.',
  },
];

/** Raised when a row changes: it stands in the ids of merged versions, so that programs with different tables never give one id to different content. */
export const mergeTableVersion = 1;
