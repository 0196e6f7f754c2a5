/** `fyr check`: is the record whole? */
import { checkRecord } from '#fhir/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { createProgress } from '#kernel/progress.ts';
import { exitCode, parseWords, wrongUse, type Command } from './command.ts';
import { withRecord } from './record.ts';

const shownMax = 100;

export const check: Command = {
  name: 'check',
  takes: '',
  summary: 'Checks that the record is whole: versions, current rows, references',
  help: `
Reads everything, so choose a quiet hour. References to what is not here are listed too (FYR_REFERENCES=lenient takes them).
Works beside a running node.

Exit codes: 0 all is well, 1 something was found (the first ${shownMax} are shown), 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    if (parseWords(check, words, {}).positionals.length > 0) throw wrongUse(check, 'fyr check takes nothing more');
    return withRecord(context, 'check', async ({ db }) => {
      const progress = createProgress({
        label: 'Check',
        unit: 'resources',
        output: context.output,
        clock: systemClock,
      });
      let count = 0;
      const goOn = (done: number, total: number): boolean => {
        progress.at(done, total);
        return !context.signal.aborted;
      };
      for await (const { where, problem } of checkRecord(db, goOn)) {
        count++;
        if (count <= shownMax) context.output.write(`${where}: ${problem}\n`);
      }
      progress.end();
      if (context.signal.aborted) {
        context.output.write('Interrupted: not all of it was checked.\n');
        return exitCode.interrupted;
      }
      context.output.write(count === 0 ? 'The record is whole.\n' : `${count} problems found.\n`);
      return count === 0 ? exitCode.done : exitCode.failed;
    });
  },
};
