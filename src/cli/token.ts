/** `fyr token`: prints an access token of a trial, for scripts and `curl`. */
import { systemClock } from '#kernel/clock.ts';
import { systemIds } from '#kernel/ids.ts';
import { findCurrent } from '#fhir/record/store.ts';
import type { Resource } from '#fhir/types.ts';
import { personaEntries } from '#sample/persona-entries.ts';
import { isProviderOn, issueToken } from '#trust/provider/index.ts';
import { exitCode, parseWords, wrongUse, type Command } from './command.ts';
import { refuseWithIssuers, withProviderDatabase } from './provider-database.ts';

const secondsDefault = 3600;
const secondsMax = 12 * 3600;

export const token: Command = {
  name: 'token',
  takes: '--as <persona|client> [--scopes "…"]',
  summary: 'Prints a token of a trial, for scripts and curl',
  help: `
  curl -H "Authorization: Bearer $(npx fyr token --as hospitalDoctor)" http://localhost:8080/fhir/metadata

Without a sign-in: whoever may use the node's database may be anybody of the sample. Only with the embedded provider, and nodes take such a token
only with FYR_TRIAL_BEARER=1, from the machine itself. fyr token --list tells who there is.

  --as        a person of the sample, or a client by name or id
  --scopes    SMART scopes between blanks; a person without them may do all that the person may
  --seconds   how long it is good for, ${secondsDefault} unless said, at most ${secondsMax}
  --list      lists the people instead
  --node      of a node of the demo topology: npx fyr token --as nurse --node ward

Exit codes: 0 printed, 1 it failed, 2 wrong use or settings.`,
  async run(words, context) {
    const { positionals, values } = parseWords(token, words, {
      as: { type: 'string' },
      scopes: { type: 'string' },
      seconds: { type: 'string', default: String(secondsDefault) },
      list: { type: 'boolean' },
    });
    const personas = personaEntries();
    if (values.list) {
      for (const { key, name, title } of personas) context.output.write(`${key.padEnd(22)} ${name}: ${title.en}\n`);
      return exitCode.done;
    }
    const { as } = values;
    const forSeconds = Number(values.seconds);
    if (as === undefined || positionals.length > 0) throw wrongUse(token, 'Say as whom');
    if (!Number.isInteger(forSeconds) || forSeconds < 1 || forSeconds > secondsMax)
      throw wrongUse(token, `--seconds is a whole number from 1 to ${secondsMax}`);
    const { config } = context.readConfig();
    refuseWithIssuers(isProviderOn(config));
    const printed = await withProviderDatabase(context, 'token', (db) =>
      issueToken(
        {
          db,
          clock: systemClock,
          ids: systemIds(systemClock),
          baseUrl: config.baseUrl,
          personas,
          async read(type, id) {
            const found = await findCurrent(db, type, id);
            return found?.content == null ? undefined : (JSON.parse(found.content) as Resource);
          },
        },
        { as, forSeconds, ...(values.scopes === undefined ? {} : { scopes: scopesIn(values.scopes) }) },
      ),
    );
    context.output.write(`${printed}\n`);
    return exitCode.done;
  },
};

function scopesIn(text: string): string[] {
  return text.split(/\s+/).filter((scope) => scope !== '');
}
