/** Records as a clinician would want to read them: ten lives as Markdown, made from the same resources that a node gets. */
import { regionItems, type RegionSettings } from '../index.ts';
import { personaHouseholds } from '../personas.ts';
import { Reader } from './reader.ts';

type Wish = { title: string; fits: (reader: Reader) => boolean };

const persona = (key: string, title: string): Wish => {
  const id = personaHouseholds.flatMap(({ people }) => people).find((one) => one.key === key)!.patientId;
  return { title, fits: ({ patient }) => patient.id === id };
};
const withProblem = (code: string, title: string): Wish => ({
  title,
  fits: (reader) =>
    reader.isAlive && reader.problems().some((line) => line.startsWith(code)) && reader.documents().length > 3,
});

const wishes: readonly Wish[] = [
  persona('oldManWithEverything', 'An old man with everything'),
  persona('hisWife', 'His wife'),
  persona('youngMother', 'A young mother'),
  persona('herBaby', 'Her baby'),
  persona('fourteenYearsOld', 'A girl of fourteen'),
  persona('withBlocks', 'A man who has blocked others'),
  persona('diedLastWeek', 'A woman who died last week'),
  { title: 'In hospital now', fits: (reader) => reader.isInHospital && reader.age < 90 },
  withProblem('D75', 'Cancer of the bowel'),
  withProblem('L88', 'Rheumatoid arthritis'),
];

/** The first `count` of ten lives of a region. */
export function printedLives(settings: RegionSettings, count: number): string {
  const now = settings.now ?? `${settings.today}T10:00`;
  const open = wishes.slice(0, count).map((wish) => ({ wish, text: '' }));
  for (const { resources } of regionItems(settings)) {
    if (resources[0]?.resourceType !== 'Patient') continue;
    const reader = new Reader(resources, now);
    const found = open.find(({ wish, text }) => text === '' && wish.fits(reader));
    if (found) found.text = lifeText(found.wish.title, reader);
    if (open.every(({ text }) => text !== '')) break;
  }
  const head = [
    '# Lives of the sample',
    '',
    `Made by \`npm run sample -- --lives ${count} --today ${settings.today}\`: the records of invented people as they stand on ${now.replace('T', ' ')}, for a clinician to read.`,
    'Nobody in them exists. What is shown is a selection: the last contacts, the results that were followed, the latest documents.',
    '',
  ];
  return [...head, ...open.map(({ text }) => text)].join('\n');
}

function lifeText(title: string, reader: Reader): string {
  const list = (name: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`**${name}**`, '', ...lines.map((line) => `- ${line}`), ''];
  return [
    `## ${title}`,
    '',
    `${reader.name()}, ${reader.who()}, ${reader.place()}. Fastlege ${reader.doctor()}.${reader.death()}`,
    '',
    ...list('Kritisk informasjon og allergier', reader.critical()),
    ...list('Sperrer, samtykker og fullmakter', reader.decisions()),
    ...list('Familie', reader.family()),
    ...list('Problemliste', reader.problems()),
    ...list('Legemidler i bruk', reader.medicines()),
    ...list('Vaksiner', reader.vaccinations()),
    ...list('Prøver og målinger over tid', reader.trends()),
    ...list('Siste kontakter', reader.contacts(16)),
    ...list('Avtaler, planer og henvisninger', reader.plans()),
    ...reader.documents(3).flatMap((text) => ['```text', text, '```', '']),
  ].join('\n');
}
