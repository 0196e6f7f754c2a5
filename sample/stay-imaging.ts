/** What is seen on the images of a stay, by its ICD-10 code; the course that the discharge summary tells says the same. */
import type { ImagingName, Words } from './courses/course.ts';

export const imagingOfStays: Readonly<Record<string, { what: ImagingName; finding: Words; conclusion: Words }>> = {
  J189: {
    what: 'chestXray',
    finding: [
      'Fortetning i høyre underlapp. Ingen pleuravæske. Normal hjertestørrelse.',
      'Fortetting i høgre underlapp. Inga pleuravæske. Normal hjartestorleik.',
    ],
    conclusion: ['Pneumonisk infiltrat høyre underlapp.', 'Pneumonisk infiltrat høgre underlapp.'],
  },
  I500: {
    what: 'chestXray',
    finding: [
      'Forstørret hjerte, økt kartegning og litt pleuravæske på begge sider.',
      'Forstørra hjarte, auka karteikning og litt pleuravæske på begge sider.',
    ],
    conclusion: ['Stuvning.', 'Stuving.'],
  },
  J441: {
    what: 'chestXray',
    finding: ['Hyperinflaterte lunger. Ingen infiltrat.', 'Hyperinflaterte lunger. Ingen infiltrat.'],
    conclusion: ['Kjent emfysem, ingen pneumoni.', 'Kjent emfysem, ingen pneumoni.'],
  },
  I639: {
    what: 'headCt',
    finding: [
      'Ingen blødning. Diskret hypodensitet i mediagebetet.',
      'Inga bløding. Diskret hypodensitet i mediagebetet.',
    ],
    conclusion: ['Forenlig med akutt infarkt. Ingen blødning.', 'Foreinleg med akutt infarkt. Inga bløding.'],
  },
  I269: {
    what: 'chestCt',
    finding: [
      'Fyllingsdefekter i segmentarterier bilateralt. Ingen høyresidig belastning.',
      'Fyllingsdefektar i segmentarteriar bilateralt. Inga høgresidig belasting.',
    ],
    conclusion: ['Bilaterale lungeembolier.', 'Bilaterale lungeemboliar.'],
  },
  S720: {
    what: 'hipXray',
    finding: [
      'Dislokert lårhalsfraktur. Bekken ellers uten brudd.',
      'Dislokert lårhalsfraktur. Bekken elles utan brot.',
    ],
    conclusion: ['Lårhalsbrudd.', 'Lårhalsbrot.'],
  },
  K573: {
    what: 'abdomenCt',
    finding: [
      'Fortykket sigmoideum med fettforandringer. Ingen fri luft, ingen abscess.',
      'Fortjukka sigmoideum med feittforandringar. Inga fri luft, ingen abscess.',
    ],
    conclusion: ['Ukomplisert divertikulitt.', 'Ukomplisert divertikulitt.'],
  },
  G409: {
    what: 'headCt',
    finding: ['Ingen blødning, ingen romoppfyllende prosess.', 'Inga bløding, ingen romoppfyllande prosess.'],
    conclusion: ['Ingen akutt patologi.', 'Ingen akutt patologi.'],
  },
};
