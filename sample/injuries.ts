/** Injuries that are seen on an image: fractures by the GP's code, and sprains that turn out to be none. Rates are rough assumptions. */
import type { AcuteContact } from './acute-contacts.ts';
import type { Words } from './courses/course.ts';

const none: readonly [Words, Words] = [
  ['Ingen påvist fraktur. Normale leddforhold.', 'Ingen påvist fraktur. Normale leddforhold.'],
  ['Ingen fraktur.', 'Ingen fraktur.'],
];

export const fractures: readonly AcuteContact[] = [
  {
    icpc: 'L72',
    rate: [0.008, 0.016, 0.004, 0.007, 0.012],
    medicine: { oneOf: ['paracetamol'], share: 0.6, days: 7 },
    imaging: {
      what: 'wristXray',
      share: 1,
      brokenShare: 1,
      broken: [
        [
          'Fraktur i distale radius uten vesentlig feilstilling. Ulna intakt.',
          'Fraktur i distale radius utan vesentleg feilstilling. Ulna intakt.',
        ],
        ['Distal radiusfraktur.', 'Distal radiusfraktur.'],
      ],
      unbroken: none,
    },
    urgent: 0.9,
  },
  {
    icpc: 'L73',
    rate: [0.002, 0.005, 0.004, 0.006, 0.006],
    medicine: { oneOf: ['paracetamol'], share: 0.7, days: 10 },
    imaging: {
      what: 'ankleXray',
      share: 1,
      brokenShare: 1,
      broken: [
        [
          'Skråfraktur i laterale malleol i nivå med syndesmosen (Weber B). Kongruent ledd.',
          'Skråfraktur i laterale malleol i nivå med syndesmosen (Weber B). Kongruent ledd.',
        ],
        ['Malleolfraktur, Weber B.', 'Malleolfraktur, Weber B.'],
      ],
      unbroken: none,
    },
    urgent: 0.85,
  },
  {
    icpc: 'L79',
    rate: [0.006, 0.04, 0.02, 0.014, 0.008],
    imaging: { what: 'ankleXray', share: 0.4, brokenShare: 0, broken: none, unbroken: none },
    urgent: 0.6,
  },
  { icpc: 'N79', rate: [0.012, 0.008, 0.004, 0.003, 0.006], urgent: 0.85 },
  { icpc: 'S14', rate: [0.012, 0.003, 0.003, 0.002, 0.002], urgent: 0.7 },
];
