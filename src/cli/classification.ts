/** `fyr classification list|train|use`: the models that tell what a document is (docs/model-card-documents.md). */
import { systemClock } from '#kernel/clock.ts';
import { systemRandomness } from '#kernel/ids.ts';
import { createModelKeeping, type ModelKeeping } from '#services/classification/index.ts';
import { exitCode, parseWords, wrongUse, type Command, type CommandContext } from './command.ts';
import { withRecord } from './record.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function withModels(
  context: CommandContext,
  name: string,
  work: (models: ModelKeeping) => Promise<number>,
): Promise<number> {
  return withRecord(context, name, ({ db }) => work(createModelKeeping(db, () => systemClock.now())));
}

const list: Command = {
  name: 'classification list',
  takes: '',
  summary: 'The models of document types that are here, and which is in use',
  help: 'Each with what it was trained on, and the confidence below which a person decides.',
  run(words, context) {
    parseWords(list, words, {});
    return withModels(context, 'classification list', async (models) => {
      for (const { version, isInUse, trainedOn, threshold } of await models.list()) {
        context.output.write(`${isInUse ? '*' : ' '} ${version}  threshold ${threshold}  ${trainedOn}\n`);
      }
      return exitCode.done;
    });
  },
};

const train: Command = {
  name: 'classification train',
  takes: '',
  summary: 'Trains the next model from what people decided at this node',
  help: `
Goes on from the model in use. Each fifth decision is kept back: where the new model tells fewer of those rightly than the old one, it is not kept.
A new model is not in use until "fyr classification use" says so.

Exit codes: 0 a new model is here, 1 it was worse and was not kept, 2 wrong use or too few decisions.`,
  run(words, context) {
    parseWords(train, words, {});
    return withModels(context, 'classification train', async (models) => {
      const told = await models.train(() => systemRandomness.bytes(4).readUInt32LE() / 2 ** 32);
      const { version, decisions, held, accuracyBefore, accuracyAfter } = told;
      context.output.write(
        `${decisions} decisions, ${held} kept back: the model in use tells ${percent(accuracyBefore)}, the new one ${percent(accuracyAfter)}.\n`,
      );
      if (version === undefined) {
        context.output.write('The new model is worse, and was not kept.\n');
        return exitCode.failed;
      }
      context.output.write(`The new model is ${version}. Take it into use: fyr classification use ${version}\n`);
      return exitCode.done;
    });
  },
};

const use: Command = {
  name: 'classification use',
  takes: '<version>',
  summary: 'Takes a model of document types into use, or an older one back',
  help: 'Holds at once, for running nodes too. Versions are those of "fyr classification list".',
  run(words, context) {
    const [version, ...more] = parseWords(use, words, {}).positionals;
    if (version === undefined || more.length > 0) throw wrongUse(use, 'Say which version');
    return withModels(context, 'classification use', async (models) => {
      await models.use(version);
      context.output.write(`In use from now on: ${version}\n`);
      return exitCode.done;
    });
  },
};

export const classificationCommands: readonly Command[] = [list, train, use];
