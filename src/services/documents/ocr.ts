/** Reads pictures of pages: Tesseract with Norwegian, in a thread of its own, from files that are installed with Fyr. Nothing is fetched. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createWorker, OEM } from 'tesseract.js';

export type PageReader = {
  /** The text of a picture (PNG or JPEG), and how sure it is of it, 0 to 100. */
  read(picture: Uint8Array): Promise<{ text: string; confidence: number }>;
  stop(): Promise<void>;
};

const home = dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/nor/package.json'));

/** Starts the thread: some 100 MB until `stop`. */
export async function startPageReader(): Promise<PageReader> {
  const worker = await createWorker('nor', OEM.LSTM_ONLY, {
    langPath: join(home, '4.0.0_best_int'),
    cacheMethod: 'none',
    gzip: true,
    logger: () => {},
    errorHandler: () => {},
  });
  return {
    async read(picture) {
      const { data } = await worker.recognize(Buffer.from(picture));
      return { text: data.text.trim(), confidence: data.confidence };
    },
    async stop() {
      await worker.terminate();
    },
  };
}
