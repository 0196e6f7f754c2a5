/** Atrial fibrillation, heart failure, COPD and rheumatoid arthritis, step by step. */
import { chronicAdmissions } from '../chronic-admissions.ts';
import type { Course } from './course.ts';

export const fibrillation: Course = {
  first: 'new',
  states: {
    new: {
      lasts: [60, 140],
      next: [
        ['rhythm', 4],
        ['rate', 6],
      ],
      steps: [
        { at: 0, do: 'gp', reason: 'Hjertebank, uregelmessig puls. EKG: atrieflimmer', panels: ['heart', 'thyroid'] },
        {
          at: 0,
          do: 'start',
          oneOf: ['apixaban', 'apixaban', 'apixaban', 'rivaroxaban', 'edoxaban', 'warfarin'],
          share: 0.88,
        },
        { at: 0, do: 'start', oneOf: ['metoprolol', 'bisoprolol'], share: 0.8 },
        {
          at: 1,
          do: 'referral',
          department: 'cardiology',
          priority: 'N',
          reason: [
            'Nyoppdaget atrieflimmer, CHA2DS2-VASc regnet ut, antikoagulasjon startet. Ber om ekkokardiografi og vurdering.',
            'Nyoppdaga atrieflimmer, CHA2DS2-VASc rekna ut, antikoagulasjon starta. Ber om ekkokardiografi og vurdering.',
          ],
          deadlineDays: 84,
        },
        {
          at: 50,
          do: 'outpatient',
          department: 'cardiology',
          reason: 'Vurdering av atrieflimmer',
          note: [
            'Ekkokardiografi med god venstre ventrikkelfunksjon, lett forstørret venstre atrium. Antikoagulasjon videreføres.',
            'Ekkokardiografi med god venstre ventrikkelfunksjon, lett forstørra venstre atrium. Antikoagulasjon held fram.',
          ],
        },
      ],
    },
    rhythm: {
      lasts: [500, 1500],
      next: [
        ['ablation', 3],
        ['rate', 7],
      ],
      steps: [{ at: 20, do: 'admission', admission: { ...chronicAdmissions.get('I481')!, acute: false, days: 1 } }],
    },
    ablation: {
      lasts: [6000, 6001],
      steps: [
        {
          at: 0,
          do: 'outpatient',
          department: 'cardiology',
          reason: 'Ablasjon',
          procedure: 'ablation',
          note: [
            'Isolasjon av lungevener uten komplikasjoner. Antikoagulasjon minst to måneder.',
            'Isolasjon av lungevener utan komplikasjonar. Antikoagulasjon minst to månader.',
          ],
        },
        {
          at: 90,
          every: 365,
          do: 'outpatient',
          department: 'cardiology',
          reason: 'Kontroll etter ablasjon',
          note: ['Sinusrytme. Ingen anfall siden sist.', 'Sinusrytme. Ingen anfall sidan sist.'],
        },
      ],
    },
    rate: { lasts: [8000, 8001], steps: [] },
  },
};

export const heartFailure: Course = {
  first: 'new',
  states: {
    new: {
      lasts: [40, 80],
      next: [['titration', 1]],
      effects: { 'nt-probnp': 22 },
      steps: [
        { at: 0, do: 'gp', reason: 'Tung pust, ankelødem', panels: ['heart'] },
        { at: 0, do: 'start', oneOf: ['furosemide'], share: 0.85 },
        {
          at: 1,
          do: 'referral',
          department: 'cardiology',
          priority: '3',
          reason: [
            'Dyspné og ødemer, NT-proBNP klart forhøyet. Ber om ekkokardiografi.',
            'Dyspné og ødem, NT-proBNP klart forhøgd. Ber om ekkokardiografi.',
          ],
          deadlineDays: 28,
        },
        {
          at: 20,
          do: 'imaging',
          what: 'echocardiography',
          finding: [
            'Dilatert venstre ventrikkel, EF 35 %. Moderat mitralinsuffisiens.',
            'Dilatert venstre ventrikkel, EF 35 %. Moderat mitralinsuffisiens.',
          ],
          conclusion: ['Hjertesvikt med redusert ejeksjonsfraksjon.', 'Hjartesvikt med redusert ejeksjonsfraksjon.'],
        },
      ],
    },
    titration: {
      lasts: [120, 200],
      next: [['stable', 1]],
      effects: { 'nt-probnp': 14, creatinine: 1.03 },
      steps: [
        { at: 0, do: 'start', oneOf: ['enalapril', 'sacubitril-valsartan', 'candesartan'], share: 0.9 },
        { at: 10, do: 'start', oneOf: ['metoprolol', 'bisoprolol'], share: 0.9 },
        { at: 30, do: 'start', oneOf: ['dapagliflozin', 'empagliflozin'], share: 0.7 },
        { at: 60, do: 'start', oneOf: ['spironolactone'], share: 0.55 },
        {
          at: 15,
          every: 35,
          do: 'outpatient',
          department: 'cardiology',
          reason: 'Hjertesviktpoliklinikk',
          panels: ['heart'],
          note: [
            'Hjertesviktsykepleier. Vekt stabil, legemidler trappes opp etter blodtrykk og kalium.',
            'Hjartesviktsjukepleiar. Vekt stabil, legemiddel vert trappa opp etter blodtrykk og kalium.',
          ],
        },
      ],
    },
    stable: {
      lasts: [900, 2500],
      next: [['worse', 1]],
      effects: { 'nt-probnp': 8, creatinine: 1.04, urea: 1.2 },
      steps: [
        {
          at: 180,
          every: 365,
          do: 'outpatient',
          department: 'cardiology',
          reason: 'Kontroll hjertesvikt',
          panels: ['heart'],
          note: [
            'NYHA II. Uendret behandling, ny kontroll om ett år.',
            'NYHA II. Uendra behandling, ny kontroll om eitt år.',
          ],
        },
      ],
    },
    worse: {
      lasts: [3000, 3001],
      effects: { 'nt-probnp': 11, creatinine: 1.07, urea: 1.4, haemoglobin: 0.95 },
      steps: [
        { at: 0, do: 'admission', admission: chronicAdmissions.get('I500')! },
        {
          at: 30,
          every: 120,
          do: 'outpatient',
          department: 'cardiology',
          reason: 'Kontroll hjertesvikt',
          panels: ['heart'],
          note: ['NYHA III. Diuretika justert. Daglig vekt hjemme.', 'NYHA III. Diuretika justert. Dagleg vekt heime.'],
        },
        { at: 60, do: 'homeCare', share: 0.4 },
      ],
    },
  },
};

export const lungDisease: Course = {
  first: 'new',
  states: {
    new: {
      lasts: [700, 1800],
      next: [['moderate', 1]],
      scores: { lungFunction: [66, 78] },
      scoresAtEnd: { lungFunction: [60, 68] },
      steps: [
        { at: 0, do: 'gp', reason: 'Tung pust og hoste, røyker. Spirometri', score: 'lungFunction' },
        { at: 0, do: 'start', oneOf: ['salbutamol'], share: 0.9 },
        { at: 5, do: 'start', oneOf: ['tiotropium'], share: 0.6 },
        {
          at: 10,
          do: 'imaging',
          what: 'chestXray',
          finding: [
            'Hyperinflaterte lunger. Ingen fortetninger, normal hjertestørrelse.',
            'Hyperinflaterte lunger. Ingen fortettingar, normal hjartestorleik.',
          ],
          conclusion: ['Emfysemforandringer.', 'Emfysemforandringar.'],
        },
        { at: 330, every: 380, do: 'gp', reason: 'KOLS-kontroll, røykeslutt tema', score: 'lungFunction' },
      ],
    },
    moderate: {
      lasts: [1000, 2200],
      next: [['severe', 1]],
      scores: { lungFunction: [52, 61] },
      scoresAtEnd: { lungFunction: [42, 48] },
      steps: [
        { at: 0, do: 'stop', oneOf: ['tiotropium'] },
        { at: 0, do: 'start', oneOf: ['umeclidinium-vilanterol'] },
        { at: 120, every: 365, do: 'gp', reason: 'KOLS-kontroll', score: 'lungFunction', panels: ['blood'] },
      ],
    },
    severe: {
      lasts: [3000, 3001],
      scores: { lungFunction: [34, 43] },
      scoresAtEnd: { lungFunction: [22, 28] },
      effects: { haemoglobin: 1.06 },
      steps: [
        { at: 0, do: 'stop', oneOf: ['umeclidinium-vilanterol'] },
        { at: 0, do: 'start', oneOf: ['triple-inhaler'] },
        { at: 40, do: 'admission', admission: chronicAdmissions.get('J441')! },
        {
          at: 60,
          every: 240,
          do: 'outpatient',
          department: 'lung',
          reason: 'Kontroll KOLS',
          score: 'lungFunction',
          note: [
            'FEV1 fallende. Behandlingsplan ved forverring gjennomgått, lungerehabilitering tilbys.',
            'FEV1 fallande. Behandlingsplan ved forverring gjennomgådd, lungerehabilitering vert tilbode.',
          ],
        },
      ],
    },
  },
};

export const rheumatoid: Course = {
  first: 'new',
  states: {
    new: {
      lasts: [30, 60],
      next: [['methotrexate', 1]],
      effects: { crp: 14, sedimentation: 4, 'rheumatoid-factor': 12 },
      scores: { jointActivity: [5.2, 6.4] },
      steps: [
        { at: 0, do: 'gp', reason: 'Hovne fingerledd og morgenstivhet', panels: ['arthritis'] },
        {
          at: 1,
          do: 'referral',
          department: 'rheumatology',
          priority: '3',
          reason: [
            'Symmetriske artritter i MCP- og PIP-ledd i seks uker, CRP forhøyet, RF positiv. Ber om rask vurdering.',
            'Symmetriske artrittar i MCP- og PIP-ledd i seks veker, CRP forhøgd, RF positiv. Ber om rask vurdering.',
          ],
          deadlineDays: 21,
        },
        {
          at: 12,
          do: 'imaging',
          what: 'handXray',
          finding: [
            'Periartikulær osteopeni MCP 2–3 bilateralt. Ingen sikre erosjoner.',
            'Periartikulær osteopeni MCP 2–3 bilateralt. Ingen sikre erosjonar.',
          ],
          conclusion: ['Funn forenlig med tidlig leddgikt.', 'Funn foreinleg med tidleg leddgikt.'],
        },
      ],
    },
    methotrexate: {
      lasts: [180, 420],
      next: [
        ['remission', 6],
        ['biological', 4],
      ],
      effects: { crp: 5, sedimentation: 2.2, 'rheumatoid-factor': 11, alat: 1.2 },
      scores: { jointActivity: [2.8, 4.4] },
      steps: [
        { at: 0, do: 'start', oneOf: ['methotrexate'] },
        { at: 0, do: 'start', oneOf: ['folic-acid'] },
        { at: 0, do: 'start', oneOf: ['prednisolone'], share: 0.7 },
        {
          at: 30,
          every: 90,
          do: 'outpatient',
          department: 'rheumatology',
          reason: 'Kontroll leddgikt',
          panels: ['rheumatic'],
          score: 'jointActivity',
          note: [
            'DAS28 registrert. Metotreksat tolereres, blodprøver kontrolleres hver måned.',
            'DAS28 registrert. Metotreksat vert tolt, blodprøver vert kontrollerte kvar månad.',
          ],
        },
      ],
    },
    biological: {
      lasts: [700, 2000],
      next: [['remission', 1]],
      effects: { crp: 2, sedimentation: 1.4, 'rheumatoid-factor': 9 },
      scores: { jointActivity: [2.0, 3.4] },
      steps: [
        { at: 0, do: 'stop', oneOf: ['prednisolone'] },
        {
          at: 0,
          do: 'imaging',
          what: 'chestXray',
          finding: ['Ingen tegn til gjennomgått tuberkulose.', 'Ingen teikn til gjennomgådd tuberkulose.'],
          conclusion: ['Normale funn.', 'Normale funn.'],
        },
        { at: 5, do: 'start', oneOf: ['adalimumab', 'infliximab'] },
        {
          at: 60,
          every: 150,
          do: 'outpatient',
          department: 'rheumatology',
          reason: 'Kontroll biologisk behandling',
          panels: ['rheumatic'],
          score: 'jointActivity',
          note: [
            'God respons på biologisk behandling. Ingen infeksjoner siden sist.',
            'God respons på biologisk behandling. Ingen infeksjonar sidan sist.',
          ],
        },
      ],
    },
    remission: {
      lasts: [9000, 9001],
      effects: { crp: 1.4, sedimentation: 1.2, 'rheumatoid-factor': 8 },
      scores: { jointActivity: [1.6, 2.5] },
      steps: [
        { at: 0, do: 'stop', oneOf: ['prednisolone'] },
        {
          at: 120,
          every: 330,
          do: 'outpatient',
          department: 'rheumatology',
          reason: 'Årskontroll leddgikt',
          panels: ['rheumatic'],
          score: 'jointActivity',
          note: ['Remisjon, DAS28 under 2,6. Uendret behandling.', 'Remisjon, DAS28 under 2,6. Uendra behandling.'],
        },
      ],
    },
  },
};
