/** `fyr search rebuild`: the index of search by clinical concept, made again from the record (docs/clinical-search.md). */
import { createClinicalSearch } from '#services/clinical-search/index.ts';
import { exitCode, parseWords, type Command } from './command.ts';
import { withRecord } from './record.ts';

const toldEvery = 5000;

export const searchRebuild: Command = {
  name: 'search rebuild',
  takes: '',
  summary: 'Makes the index of search again from the record of this node',
  help: `
Needs nothing but the node's own record: it works where the line is cut, beside a node that runs or without one. Search finds what is done so far
meanwhile. A release that changes what is kept does this by itself; ended midway, the next start goes on where it was.`,
  run(words, context) {
    parseWords(searchRebuild, words, {});
    return withRecord(context, 'search rebuild', async ({ fhir }) => {
      const search = createClinicalSearch(fhir, (event, error) => context.output.write(`${event}: ${String(error)}\n`));
      const begun = performance.now();
      let told = 0;
      const count = await search.rebuild((documents) => {
        if (documents < told + toldEvery) return;
        told = documents;
        context.output.write(`${documents} indexed …\n`);
      });
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      context.output.write(`${count} indexed in ${seconds} s.\n`);
      return exitCode.done;
    });
  },
};
