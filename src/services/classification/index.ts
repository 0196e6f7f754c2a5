/** The door of classification: `/api/classification`, the hook of the document intake, the models of a node. */
import type { FhirContext } from '#fhir/index.ts';
import type { Db } from '#kernel/db.ts';
import type { HttpServer } from '#kernel/http.ts';
import type { Ids } from '#kernel/ids.ts';
import type { AccessLog } from '#trust/access-log/index.ts';
import type { Door } from '#trust/index.ts';
import { createClassifier } from './classifier.ts';
import { decideByText, type KeptText } from './explain.ts';
import { learnFromDecisions, type Learnt } from './learn.ts';
import { registerClassificationRoutes } from './routes.ts';
import { chooseModel } from './store.ts';
import type { ModelLine } from './contract.ts';

export type ClassificationDeps = {
  context: FhirContext;
  /** The name of this node: what is written elsewhere is decided there. */
  node: string;
  /** Where each automatic decision is told. */
  log: Pick<AccessLog, 'append'>;
  ids: Pick<Ids, 'uuid'>;
  /** What the codes of 9602 are called. */
  names: Readonly<Record<string, string>>;
  /** What was read of a document; undefined while nothing was. */
  textOf(id: string): Promise<{ text: string } | undefined>;
};

export type Classification = {
  /** For the intake of documents: the likeliest type, and whether a person has to look. */
  classify(asked: { text: string }): Promise<{ code: string; confidence: number; needsReview: boolean }>;
  /** To be told of each text that was read, of whatever document: may be called twice for one. */
  onText(text: KeptText): Promise<void>;
  register(server: HttpServer, door: Pick<Door, 'enter'>): void;
};

export function createClassification({ context, node, log, ids, names, textOf }: ClassificationDeps): Classification {
  const classifier = createClassifier(context.db, names);
  return {
    async classify({ text }) {
      const { type, confidence, isSure } = await classifier.suggest(text);
      return { code: type.code, confidence, needsReview: !isSure };
    },
    onText: (text) => decideByText({ context, classifier, node, log, ids }, text),
    register: (server, door) => registerClassificationRoutes(server, { context, door, classifier, names, textOf }),
  };
}

/** What operators do with models, by the command line. */
export type ModelKeeping = {
  list(): Promise<ModelLine[]>;
  /** Trains the next one from what people decided. Faults: conflict, where those are too few. */
  train(random: () => number): Promise<Learnt>;
  /** Takes a model into use, or an older one back. Faults: notFound. */
  use(version: string): Promise<void>;
};

export function createModelKeeping(db: Db, now: () => number): ModelKeeping {
  const classifier = createClassifier(db, {});
  return {
    list: () => classifier.models(),
    train: async (random) => learnFromDecisions(db, await classifier.inUse(), { now: now(), random }),
    async use(version) {
      const model = await classifier.modelOf(version);
      await chooseModel(db, model.version, now());
    },
  };
}
