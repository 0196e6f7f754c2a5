/**
 * The file of a model: gzip of a line of JSON (what it is, how it was measured) and of numbers (rarity and weights, a byte each). There are no words in it:
 * features are hashes, so nothing of a document that it learnt from can be read out of it.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { Fault } from '#kernel/fault.ts';
import { blocks } from './features.ts';
import { usualBlockWeights, type LinearModel } from './linear-model.ts';

export type ModelDescription = {
  /** `2026-11-23.1`: the day, and which of that day. */
  version: string;
  /** What it was trained on and how, for people. */
  trainedOn: string;
  seed: string;
  /** Below this confidence a person decides. */
  threshold: number;
  /** Measured on documents that it has not seen. */
  metrics: { [name: string]: number };
};

export type Model = LinearModel & ModelDescription;

const format = 'fyr-document-model-1';

export function writeModel(model: Model): Buffer {
  const { rarity, weights, ...told } = model;
  const [raritySteps, weightSteps] = [stepOf(rarity, 255), stepOf(weights, 127)];
  const header = JSON.stringify({ format, blocks, ...told, raritySteps, weightSteps }, shortened);
  const bytes = Buffer.concat([
    Buffer.from(`${header}\n`),
    Uint8Array.from(rarity, (value) => Math.round(value / raritySteps)),
    new Uint8Array(Int8Array.from(weights, (value) => Math.round(value / weightSteps)).buffer),
  ]);
  return gzipSync(bytes);
}

/** What the largest number's size is divided into. */
function stepOf(numbers: Float32Array, steps: number): number {
  const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return inShort((largest || 1) / steps);
}

/** Six digits that tell something: a longer run of them could be taken for somebody's number. */
const inShort = (number: number): number => Number(number.toPrecision(6));
const shortened = (_name: string, value: unknown): unknown => (typeof value === 'number' ? inShort(value) : value);

type Header = ModelDescription & { format: string; blocks: string[]; bits: number; types: string[] } & {
  temperature: number;
  raritySteps: number;
  weightSteps: number;
  /** Not in the files of the first models. */
  blockWeights?: number[];
};

/** Longest model that is opened, uncompressed. */
const bytesMax = 64 * 1024 * 1024;

/** Faults: invalid, for what is no model of this program. */
export function readModel(file: Uint8Array): Model {
  const bytes = unpacked(file);
  const end = bytes.indexOf(10);
  const { format: named, blocks: known, raritySteps, weightSteps, ...told } = headerOf(bytes.subarray(0, end));
  const buckets = 2 ** told.bits;
  const width = told.types.length;
  const isOurs = named === format && known.join() === blocks.join();
  if (!isOurs || bytes.length !== end + 1 + buckets * (1 + width)) throw notOurs();
  const rarity = bytes.subarray(end + 1, end + 1 + buckets);
  const weights = new Int8Array(bytes.buffer, bytes.byteOffset + end + 1 + buckets, buckets * width);
  return {
    ...told,
    blockWeights: told.blockWeights ?? usualBlockWeights,
    rarity: Float32Array.from(rarity, (value) => value * raritySteps),
    weights: Float32Array.from(weights, (value) => value * weightSteps),
  };
}

function unpacked(file: Uint8Array): Buffer {
  try {
    return gunzipSync(file, { maxOutputLength: bytesMax });
  } catch {
    throw notOurs();
  }
}

function headerOf(bytes: Uint8Array): Header {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Header;
  } catch {
    throw notOurs();
  }
}

const notOurs = (): Fault => new Fault('invalid', 'This is no model of document types that this version of Fyr reads.');
