/** Depression, which passes and comes back, and dementia, which does not. */
import type { Course } from './course.ts';

export const depression: Course = {
  first: 'episode',
  states: {
    episode: {
      lasts: [50, 110],
      next: [
        ['recovery', 8],
        ['severe', 2],
      ],
      scores: { depression: [21, 28] },
      scoresAtEnd: { depression: [15, 22] },
      steps: [
        {
          at: 0,
          do: 'gp',
          reason: 'Nedstemt, søvnvansker, redusert konsentrasjon',
          panels: ['tired'],
          score: 'depression',
        },
        { at: 1, do: 'start', oneOf: ['escitalopram', 'sertraline', 'escitalopram'], share: 0.65 },
        { at: 14, every: 21, do: 'gp', reason: 'Støttesamtale', score: 'depression' },
      ],
    },
    severe: {
      lasts: [120, 240],
      next: [['recovery', 1]],
      scores: { depression: [32, 38] },
      scoresAtEnd: { depression: [12, 18] },
      steps: [
        {
          at: 0,
          do: 'referral',
          department: 'psychiatry',
          priority: '3',
          reason: [
            'Alvorlig depresjon, MADRS stigende tross SSRI. Passive dødstanker, ingen planer. Ber om vurdering.',
            'Alvorleg depresjon, MADRS stigande trass i SSRI. Passive dødstankar, ingen planar. Ber om vurdering.',
          ],
          deadlineDays: 28,
        },
        { at: 20, do: 'stop', oneOf: ['escitalopram', 'sertraline'] },
        { at: 20, do: 'start', oneOf: ['venlafaxine', 'mirtazapine'] },
        {
          at: 20,
          every: 21,
          do: 'outpatient',
          department: 'psychiatry',
          reason: 'Behandlingssamtale',
          score: 'depression',
          note: [
            'Gradvis lettere stemningsleie. Benekter suicidale planer. Aktivitetsplan og kognitiv terapi fortsetter.',
            'Gradvis lettare stemningsleie. Nektar for suicidale planar. Aktivitetsplan og kognitiv terapi held fram.',
          ],
        },
      ],
    },
    recovery: {
      lasts: [180, 300],
      next: [
        ['well', 7],
        ['relapse', 3],
      ],
      scores: { depression: [9, 13] },
      scoresAtEnd: { depression: [2, 5] },
      steps: [{ at: 40, every: 70, do: 'gp', reason: 'Kontroll, bedre stemningsleie', score: 'depression' }],
    },
    well: {
      lasts: [9000, 9001],
      steps: [{ at: 0, do: 'stop', oneOf: ['escitalopram', 'sertraline', 'venlafaxine', 'mirtazapine'] }],
    },
    relapse: {
      lasts: [90, 160],
      next: [['recovery', 1]],
      scores: { depression: [22, 30] },
      scoresAtEnd: { depression: [12, 18] },
      steps: [
        { at: 0, do: 'gp', reason: 'Tilbakefall av nedstemthet', score: 'depression' },
        { at: 2, do: 'start', oneOf: ['sertraline', 'venlafaxine'] },
        { at: 20, every: 30, do: 'gp', reason: 'Støttesamtale', score: 'depression' },
      ],
    },
  },
};

export const dementia: Course = {
  diagnosedAfterDays: 45,
  first: 'suspicion',
  states: {
    suspicion: {
      lasts: [50, 120],
      next: [['mild', 1]],
      scores: { memory: [22, 26] },
      steps: [
        {
          at: 0,
          do: 'gp',
          reason: 'Hukommelsessvikt, pårørende bekymret',
          panels: ['memory'],
          score: 'memory',
          icpc: 'P20',
        },
        {
          at: 3,
          do: 'referral',
          department: 'geriatrics',
          priority: 'N',
          reason: [
            'Gradvis hukommelsessvikt siste år, komparentopplysninger fra ektefelle/barn. Ber om demensutredning.',
            'Gradvis minnesvikt siste året, komparentopplysningar frå ektefelle/barn. Ber om demensutgreiing.',
          ],
          deadlineDays: 112,
          icpc: 'P20',
        },
        {
          at: 30,
          do: 'imaging',
          what: 'headCt',
          question: 'Gradvis hukommelsessvikt. Strukturell årsak?',
          finding: [
            'Kortikal atrofi, mest temporalt. Ingen blødning, ingen romoppfyllende prosess.',
            'Kortikal atrofi, mest temporalt. Inga bløding, ingen romoppfyllande prosess.',
          ],
          conclusion: [
            'Atrofi forenlig med nevrodegenerativ sykdom.',
            'Atrofi foreinleg med nevrodegenerativ sjukdom.',
          ],
        },
        {
          at: 45,
          do: 'outpatient',
          department: 'geriatrics',
          reason: 'Demensutredning',
          score: 'memory',
          note: [
            'Utredning med kognitive tester og CT. Diagnose demens er formidlet til pasient og pårørende. Førerkort vurdert.',
            'Utgreiing med kognitive testar og CT. Diagnosen demens er formidla til pasient og pårørande. Førarkort vurdert.',
          ],
        },
      ],
    },
    mild: {
      lasts: [450, 950],
      next: [['moderate', 1]],
      scores: { memory: [21, 24] },
      scoresAtEnd: { memory: [18, 20] },
      steps: [
        { at: 5, do: 'start', oneOf: ['donepezil'], share: 0.5 },
        { at: 180, every: 300, do: 'gp', reason: 'Demenskontroll med pårørende', score: 'memory' },
      ],
    },
    moderate: {
      lasts: [550, 1100],
      next: [['severe', 1]],
      scores: { memory: [17, 19] },
      scoresAtEnd: { memory: [10, 12] },
      steps: [
        { at: 10, do: 'homeCare' },
        { at: 30, do: 'start', oneOf: ['memantine'], share: 0.3 },
        { at: 90, every: 300, do: 'gp', reason: 'Demenskontroll med pårørende og hjemmetjenesten', score: 'memory' },
      ],
    },
    severe: {
      lasts: [900, 2500],
      scores: { memory: [2, 10] },
      steps: [
        { at: 0, do: 'nursingHome' },
        { at: 5, do: 'stop', oneOf: ['donepezil'] },
      ],
    },
  },
};
