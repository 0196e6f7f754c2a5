/** What a model said of documents whose type is known, and the figures of it. */
import { predict, type LinearModel } from '#services/classification/model/linear-model.ts';
import { featuresOf, readText } from '#services/classification/model/features.ts';

export type Judged<T> = T & { suggested: string; confidence: number };

export function judge<T extends { text: string }>(model: LinearModel, documents: readonly T[]): Judged<T>[] {
  return documents.map((document) => {
    const [best] = predict(model, featuresOf(readText(document.text), model.bits));
    return { ...document, suggested: best?.type ?? '', confidence: best?.confidence ?? 0 };
  });
}

type Answered = { type: string; suggested: string; confidence: number };

export const accuracyOf = (judged: readonly Pick<Answered, 'type' | 'suggested'>[]): number =>
  judged.filter(({ type, suggested }) => type === suggested).length / Math.max(1, judged.length);

/** The largest share, most confident first, of which so many are right. */
export function coverageAt(judged: readonly Answered[], accuracy: number): number {
  const sorted = [...judged].sort((one, other) => other.confidence - one.confidence);
  let [right, covered] = [0, 0];
  sorted.forEach(({ type, suggested }, at) => {
    right += type === suggested ? 1 : 0;
    if (right / (at + 1) >= accuracy) covered = at + 1;
  });
  return covered / Math.max(1, judged.length);
}

/** The accuracy of the most confident share. */
export function accuracyAt(judged: readonly Answered[], coverage: number): number {
  const sorted = [...judged].sort((one, other) => other.confidence - one.confidence);
  return accuracyOf(sorted.slice(0, Math.ceil(sorted.length * coverage)));
}

export function macroF1Of(judged: readonly Pick<Answered, 'type' | 'suggested'>[]): number {
  const types = [...new Set(judged.map(({ type }) => type))];
  const sum = types.reduce((total, of) => {
    const hit = judged.filter(({ type, suggested }) => type === of && suggested === of).length;
    const all = judged.filter(({ type }) => type === of).length + judged.filter((one) => one.suggested === of).length;
    return total + (2 * hit) / Math.max(1, all);
  }, 0);
  return sum / types.length;
}

/** How far confidences are from the truth: in ten steps of confidence, weighted by their size. */
export function calibrationErrorOf(judged: readonly Answered[]): number {
  const steps = Array.from({ length: 10 }, (_, step) =>
    judged.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === step),
  );
  return steps.reduce((sum, inStep) => {
    if (inStep.length === 0) return sum;
    const told = inStep.reduce((total, { confidence }) => total + confidence, 0) / inStep.length;
    return sum + (inStep.length / judged.length) * Math.abs(told - accuracyOf(inStep));
  }, 0);
}
