/** `fyr registers import|export`: files of persons, personnel, organisations and communication parties (docs/registers.md). */
import { resolve } from 'node:path';
import { systemClock } from '#kernel/clock.ts';
import { createProgress } from '#kernel/progress.ts';
import { registerNames } from '#services/registers/index.ts';
import { exitCode, parseWords, wrongUse, type Command } from './command.ts';
import { withRecord } from './record.ts';

const shownMax = 20;
const names = registerNames.join(', ');

export const registersImport: Command = {
  name: 'registers import',
  takes: '<register> <file.csv|.json|.ndjson>',
  summary: 'Fills a register from a file: the first time, or with what has changed since',
  help: `
Registers: ${names}. What the columns are is told in docs/registers.md.
The whole file is checked before anything is written. Rows that are as the register has them are not written, so the same file may be
given again, and an import that was cut off goes on. Works beside a running node.

  --broken stop|skip   stop (as it is unless said): one broken row, and nothing is written · skip: broken rows are left out

Exit codes: 0 all is in, 1 rows were broken, 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    const { positionals, values } = parseWords(registersImport, words, { broken: { type: 'string', default: 'stop' } });
    const [register, file, ...more] = positionals;
    const { broken } = values;
    if (register === undefined || file === undefined || more.length > 0)
      throw wrongUse(registersImport, 'Say which register and which file');
    if (broken !== 'stop' && broken !== 'skip') throw wrongUse(registersImport, '--broken is stop or skip');
    if (!registerNames.includes(register)) throw wrongUse(registersImport, `The registers are: ${names}`);
    return withRecord(context, 'registers import', async ({ registers }) => {
      const { output, signal } = context;
      const progress = createProgress({ label: `Import of ${register}`, unit: 'rows', output, clock: systemClock });
      const report = await registers.importFile(register, resolve(context.folder, file), {
        broken,
        signal,
        onProgress: (done, total) => progress.at(done, total),
      });
      progress.end();
      for (const { line, problem } of report.broken.slice(0, shownMax)) output.write(`Line ${line}: ${problem}\n`);
      if (report.broken.length > shownMax) output.write(`… and ${report.broken.length - shownMax} more.\n`);
      output.write(
        `${report.rows} rows: ${report.written} written, ${report.unchanged} as they were, ${report.broken.length} broken.\n`,
      );
      if (signal.aborted) {
        output.write('Interrupted. The same command goes on from here.\n');
        return exitCode.interrupted;
      }
      if (report.stopped) output.write('Stopped at broken rows (--broken skip leaves them out).\n');
      return report.broken.length === 0 ? exitCode.done : exitCode.failed;
    });
  },
};

export const registersExport: Command = {
  name: 'registers export',
  takes: '<register> <file.csv|.ndjson>',
  summary: 'Writes a register to a file, in the form that import takes',
  help: `
Registers: ${names}. Protected addresses stay out of the file unless they are asked for.

  --protected-addresses   with protected addresses and their grades: guard such a file as those people must be guarded

Exit codes: 0 all is out, 1 it failed, 2 wrong use or settings, 130 interrupted.`,
  async run(words, context) {
    const { positionals, values } = parseWords(registersExport, words, { 'protected-addresses': { type: 'boolean' } });
    const [register, file, ...more] = positionals;
    if (register === undefined || file === undefined || more.length > 0)
      throw wrongUse(registersExport, 'Say which register and which file');
    if (!registerNames.includes(register)) throw wrongUse(registersExport, `The registers are: ${names}`);
    return withRecord(context, 'registers export', async ({ registers }) => {
      const { output, signal } = context;
      const progress = createProgress({ label: `Export of ${register}`, unit: 'rows', output, clock: systemClock });
      const rows = await registers.exportFile(register, resolve(context.folder, file), {
        access: { mayKnowProtectedAddress: values['protected-addresses'] === true },
        signal,
        onProgress: (done) => progress.at(done),
      });
      progress.end();
      output.write(`${rows} rows.\n`);
      return exitCode.done;
    });
  },
};
