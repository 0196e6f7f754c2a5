/** `fyr distribute`: spreads the record over the shards of Citus. */
import { distributeRecord } from '#fhir/index.ts';
import { exitCode, parseWords, wrongUse, type Command } from './command.ts';
import { withRecord } from './record.ts';

export const distribute: Command = {
  name: 'distribute',
  takes: '',
  summary: 'Spreads the record over the shards of Citus, where it is installed',
  help: `
Needs a PostgreSQL with the Citus extension (DATABASE_URL); see docs/scale-out.md for what it costs and what it asks of the database.
Changes nothing where the extension is not there. Safe to run again.

Exit codes: 0 the record is spread, 1 it can't be, 2 wrong use or settings.`,
  async run(words, context) {
    if (parseWords(distribute, words, {}).positionals.length > 0) {
      throw wrongUse(distribute, 'fyr distribute takes nothing more');
    }
    return withRecord(context, 'distribute', async ({ db }) => {
      await distributeRecord(db, (line) => context.output.write(`${line}\n`));
      return exitCode.done;
    });
  },
};
