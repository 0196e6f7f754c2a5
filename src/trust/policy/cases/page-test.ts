/** The table of cases as a page for people: docs/access-rules.md. `node tools/access-rules.ts` writes it, a test holds it to the table. */
import { reasons } from '../reasons.ts';
import type { Row } from './row-test.ts';

const intro = `# Who may see and write what

Made by \`node tools/access-rules.ts\` from the table that the rules are tested by (\`src/trust/policy/cases\`); don't edit it.
Each line is a test. The laws are named as the rows were read from them; where a regulation has no paragraph here, the row rests on what
is publicly described of it. Which paragraphs could be checked, and which are cited from memory, stands in [privacy.md](privacy.md#paragraphs): hold them against Lovdata before you rely on them.
A refusal is told with its sentence (403) where the caller named the patient and may know of it; else what is refused is not there (404, no search result).

Days and hours are the defaults of [the settings](configuration.md): a unit reads until 30 days after a contact and from 14 days before a planned one, those named in it until 90 days;
an attested relationship holds for 24 hours, a broken glass for 8.

**Who one treats is not for oneself to say.** Contacts, appointments, referrals, orders, prescriptions, episodes and care teams let in whom they name. When somebody writes
one who had nothing to do with the patient but what she attested (or the glass that she broke), it is kept like any other and lets in the others whom it names, but it opens
nothing to herself, in any role: what she attested ends when it ends. As soon as another's hand has written it who had the patient already, it counts for her too. What a
system of an organisation delivers for a patient whom the organisation did not have opens nothing to that organisation, neither to its systems nor to its people, unless the
system was granted \`fyr:admissions\`: the one where patients are admitted and called in. The record marks such resources itself (\`meta.tag\`, \`urn:fyr:on-the-word-of\`);
what a caller writes there is taken away.

**Nobody writes what lets oneself in elsewhere.** An operator keeps the register of personnel, but not what it says of herself: another operator does. A number (national number,
D-number, HPR number) is one person's: a second active Patient or Practitioner with it is refused.
`;

export function accessRulesPage(rows: readonly Row[]): string {
  const laws = [...new Set(rows.map(({ law }) => law))];
  const sections = laws.map((law) => {
    const own = rows.filter((one) => one.law === law);
    const lines = own.map((one) => `| ${sentence(one)} | ${outcome(one)} |`);
    return `## ${law.charAt(0).toUpperCase()}${law.slice(1)}\n\n| who does what | and |\n|---|---|\n${lines.join('\n')}\n`;
  });
  const codes = Object.entries(reasons).map(
    ([code, { isKnown, en }]) => `| ${code} | ${isKnown ? 'told' : 'not told'} | ${isKnown ? en : ''} |`,
  );
  const told = `## Reasons\n\n| code in the log | | sentence (also in bokmål and nynorsk) |\n|---|---|---|\n${codes.join('\n')}\n`;
  return `${[intro, ...sections, told].join('\n')}`;
}

function sentence({ says, otherwise }: Row): string {
  const text = `${says.charAt(0).toUpperCase()}${says.slice(1)}`;
  return otherwise.days === undefined ? text : `${text} (asked ${otherwise.days} days later)`;
}

function outcome({ outcome: one }: Row): string {
  if ('allowed' in one) return `**allowed**: ${one.allowed}`;
  return `refused: ${one.refused}${reasons[one.refused].isKnown ? '' : ' (not told)'}`;
}
