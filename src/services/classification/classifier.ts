/** The model in use, and what it says of a text. Which one that is, the database says: a choice holds at once, in each process of the node. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '#kernel/db.ts';
import { Fault } from '#kernel/fault.ts';
import type { ModelLine, Suggestion, TypeName } from './contract.ts';
import { featuresOf, readText } from './model/features.ts';
import { decidingWords, predict } from './model/linear-model.ts';
import { readModel, type Model } from './model/model-file.ts';
import { findChosen, findModelFile, findModels } from './store.ts';

const folder = join(import.meta.dirname, 'models');
const othersTold = 3;
const wordsTold = 12;

export type Classifier = {
  suggest(text: string): Promise<Suggestion>;
  inUse(): Promise<Model>;
  /** Faults: notFound. */
  modelOf(version: string): Promise<Model>;
  models(): Promise<ModelLine[]>;
};

export function shippedVersions(): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.model'));
  return files.map((name) => name.slice(0, -'.model'.length)).sort();
}

/** @param names what the codes of 9602 are called */
export function createClassifier(db: Db, names: Readonly<Record<string, string>>): Classifier {
  const opened: { model?: Model } = {};
  const modelOf = async (version: string): Promise<Model> => {
    if (opened.model?.version === version) return opened.model;
    const isShipped = shippedVersions().includes(version);
    const file = isShipped ? readFileSync(join(folder, `${version}.model`)) : await findModelFile(db, version);
    if (file === undefined) throw new Fault('notFound', `There is no model ${version}.`);
    return readModel(file);
  };
  const inUse = async (): Promise<Model> => {
    const version = (await findChosen(db)) ?? shippedVersions().at(-1) ?? '';
    opened.model = await modelOf(version);
    return opened.model;
  };
  return {
    modelOf,
    inUse,
    suggest: async (text) => suggestionOf(await inUse(), text, names),
    async models() {
      const { version: chosen } = await inUse();
      const shipped = shippedVersions();
      const own = (await findModels(db)).map(({ version }) => version).filter((version) => !shipped.includes(version));
      return Promise.all(
        [...shipped, ...own].map(async (name) => {
          const { version, trainedOn, threshold, metrics } = await modelOf(name);
          const isShipped = shipped.includes(version);
          return { version, isInUse: version === chosen, isShipped, trainedOn, threshold, metrics };
        }),
      );
    },
  };
}

export function suggestionOf(model: Model, text: string, names: Readonly<Record<string, string>>): Suggestion {
  const read = readText(text);
  const [best, ...others] = predict(model, featuresOf(read, model.bits));
  if (best === undefined) throw new Error('A model without types.');
  const against = others[0]?.type ?? best.type;
  return {
    type: nameOf(best.type, names),
    confidence: rounded(best.confidence),
    // Of a text without words nothing is known, whatever the layout says.
    isSure: best.confidence >= model.threshold && read.tokens.length > 0,
    threshold: model.threshold,
    others: others
      .slice(0, othersTold)
      .map(({ type, confidence }) => ({ ...nameOf(type, names), confidence: rounded(confidence) })),
    words: decidingWords(model, read, { type: best.type, against, most: wordsTold }).map((word) => ({
      ...word,
      weight: rounded(word.weight),
    })),
    model: model.version,
  };
}

export function nameOf(code: string, names: Readonly<Record<string, string>>): TypeName {
  return { code, display: names[code] ?? code };
}

const rounded = (number: number): number => Math.round(number * 1000) / 1000;
