/** The thread that opens a file: what is hostile or endless in it stops this thread and nothing else. Started by `read-file.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { readPdfPage, readPdfText, readTiffPage, readWord } from './open-file.ts';
import type { Reading, ReadingAnswer } from './read-file.ts';

const { task, bytes, page, width } = workerData as Reading;

const work = (): Promise<ReadingAnswer> => {
  if (task === 'pdf-text') return readPdfText(bytes);
  if (task === 'pdf-page') return readPdfPage(bytes, page, width);
  if (task === 'tiff-page') return readTiffPage(bytes, page);
  return readWord(bytes);
};

parentPort?.postMessage(
  await work().catch((error: unknown): ReadingAnswer => {
    const { name, message } = error as Error;
    return { problem: name === 'PasswordException' ? 'encrypted' : 'damaged', detail: String(message).slice(0, 200) };
  }),
);
