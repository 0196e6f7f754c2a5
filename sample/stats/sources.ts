/** Where the Norwegian figures of the table are from: publisher, title and year, and the address where they were read (stored copies of the pages). */
export type Source = { what: string; address: string };

export const sources = {
  ages: {
    what: 'SSB, folkemengden per 1. januar 2018, as NTB told it (Dagsavisen, February 2018)',
    address: 'https://www.dagsavisen.no/innenriks/snart-er-vi-5-3-millioner-innbyggere-1.1105699',
  },
  births: {
    what: 'SSB, Fødte og døde: 53,000 born in 2020, 42,000 died in 2021; of 5.4 million',
    address: 'https://www.ssb.no/befolkning/fodte-og-dode',
  },
  moves: {
    what: 'SSB, table Innenlandske flyttinger, 2020: 46.0 of 1,000 between municipalities',
    address: 'https://www.ssb.no/452035/innenlandske-flyttinger',
  },
  institutions: {
    what: 'SSB, Pleie- og omsorgstenestene, table 2, 2010: 31,497 residents of 80 or more in institutions, of 220,000',
    address: 'https://www.ssb.no/a/kortnavn/pleie/tab-2011-07-08-02.html',
  },
  diabetes: {
    what: 'FHI, Folkehelserapporten, Diabetes i Norge: 270,000 diagnosed; more than 10 per cent of those over 80',
    address: 'https://www.fhi.no/he/folkehelserapporten/ikke-smittsomme/diabetes/',
  },
  diabetesByAge: {
    what: 'Ruiz et al., Diabetologia 2018: type 2 at 30 to 89 years, all of Norway, 2014',
    address: 'https://doi.org/10.1007/s00125-018-4681-4',
  },
  pressure: {
    what: 'FHI, Reseptregisteret 2016: 872,000 users of medicines for blood pressure, as ANB-NTB told it; of 5.2 million',
    address: 'https://www.h-avis.no/nyheter/helse/folkehelseinstituttet/syv-av-ti-bruker-piller/s/5-62-390793',
  },
  fibrillation: {
    what: 'Kjerpeseth et al., Heart 2021: all adults of Norway, end of 2014',
    address: 'https://doi.org/10.1136/heartjnl-2020-316624',
  },
  heartFailure: {
    what: 'Norsk hjertesviktregister, annual report 2017 (2 per cent), told by medhub; up to 175,000 (4), told by kvalitetsregistre.no in 2025',
    address: 'https://www.medhub.no/sykdomsomrader/kardiologi/hjertesvikt/epidemiologi-og-samfunnsutfordringer',
  },
  asthma: {
    what: 'FHI 2020 for Helsedirektoratet: takes medicines for asthma, 0 to 44 years, 2008 to 2018',
    address:
      'https://www.helsebiblioteket.no/innhold/artikler/samfunnsmedisin-og-folkehelse/nyheter/beregnet-forekomst-av-astma-allergi-og-eksem-hos-barn-og-voksne',
  },
  copd: {
    what: 'FHI, Folkehelserapporten, Kols i Norge (HUNT and Tromsø)',
    address: 'https://fhi.no/he/folkehelserapporten/ikke-smittsomme/kols',
  },
  depression: {
    what: 'BMC Health Services Research 2021 (GP-DEP): 365,947 new diagnoses in general practice from 20 years, 2009 to 2015; of 3.7 million',
    address: 'https://bmchealthservres.biomedcentral.com/articles/10.1186/s12913-021-06712-w',
  },
  dementia: {
    what: 'Gjøra et al., Journal of Alzheimer’s Disease 2021 (HUNT4 70+)',
    address: 'https://content.iospress.com/articles/journal-of-alzheimers-disease/jad201275',
  },
  arthritis: {
    what: 'Kvien, Norsk Epidemiologi 2008 (0.5); Et muskel- og skjelettregnskap (0.67)',
    address: 'https://moam.info/revmatoid-artritt-ntnu_5aa2b1b61723ddb86c43cb4c.html',
  },
  cancer: {
    what: 'Kreftregisteret, figures of 2023: more than 330,000 have or have had cancer of any kind, told by NRK in 2024; of 5.5 million',
    address:
      'https://www.nrk.no/vestland/uvanlig-nedgang-i-antall-tilfeller-av-prostatakreft_-brystkreft-og-lungekreft-1.16873626',
  },
  generalPractice: {
    what: 'SSB, Allmennlegetjenesten, 2023: consultations with GP and out-of-hours doctor by age',
    address: 'https://www.ssb.no/helse/helsetjenester/statistikk/allmennlegetjenesten',
  },
  hospitals: {
    what: 'SSB, Færre pasienter på sykehus i fjor, table: somatic hospitals in 2019; of 5.33 million',
    address: 'https://www.ssb.no/helse/artikler-og-publikasjoner/faerre-pasienter-pa-sykehus-i-fjor?tabell=451022',
  },
  specialists: {
    what: 'SSB, Specialist health service, 2019: with mental health care, addiction and contracted specialists; of 5.33 million',
    address: 'https://www.ssb.no/en/helse/statistikker/speshelse/aar/2020-06-18',
  },
  waits: {
    what: 'Helsedirektoratet: 57 days, all care, 2017 (n24.no); FHI: 82 days, somatic care, November 2024 (Dagsavisen)',
    address: 'https://www.dagsavisen.no/nyheter/innenriks/2024/11/15/ventetiden-gar-ned-for-mange-helsebehandlinger/',
  },
  prescriptions: {
    what: 'FHI, Reseptregisteret 2016: got a medicine on prescription in the year, as ANB-NTB told it',
    address: 'https://www.h-avis.no/nyheter/helse/folkehelseinstituttet/syv-av-ti-bruker-piller/s/5-62-390793',
  },
  elderly: {
    what: 'FHI, Reseptregisteret 2013–2017: of 65 or more, nine of ten get medicines, and two of three of those at least five in a year',
    address: 'https://www.fhi.no/en/news/2018/76000-elderly-dispensed-15-medicines-in-2017/',
  },
  influenza: {
    what: 'FHI, SYSVAK: 43 per cent in 2019/20 (Aftenbladet), 63 in December 2021 (Tannlegetidende)',
    address:
      'https://www.tannlegetidende.no/journal/2022/1/m-2243/Rekordh%EF%BF%BD%EF%BF%BDy_vaksinedekning_mot_influensa',
  },
} as const satisfies Record<string, Source>;

export type SourceName = keyof typeof sources;
