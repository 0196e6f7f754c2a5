import type { Worker } from 'node:worker_threads';
import PDFDocument from 'pdfkit';
import { expect, test } from 'vitest';
import { createFileOpener } from './read-file.ts';

function pdf(text: string): Promise<Buffer> {
  const document = new PDFDocument();
  const pieces: Buffer[] = [];
  document.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<Buffer>((resolve) => document.on('end', () => resolve(Buffer.concat(pieces))));
  document.text(text);
  document.end();
  return ended;
}

/** How many threads were there at once while the work was done. */
async function threadsDuring(work: () => Promise<void>): Promise<number> {
  const running = new Set<Worker>();
  let most = 0;
  const started = (worker: Worker): void => {
    running.add(worker);
    most = Math.max(most, running.size);
    worker.once('exit', () => running.delete(worker));
  };
  process.on('worker', started);
  try {
    await work();
  } finally {
    process.off('worker', started);
  }
  return most;
}

test('however many files come at once, only so many are open, and each is read', async () => {
  const open = createFileOpener({ threadsMax: 2 });
  const files = await Promise.all(['en', 'to', 'tre', 'fire', 'fem'].map((word) => pdf(`Side ${word}.`)));
  const most = await threadsDuring(async () => {
    const damaged = open({ task: 'pdf-text', bytes: Buffer.from('%PDF-1.7 nothing'), page: 1, width: 0 });
    const read = files.map((bytes) => open({ task: 'pdf-text', bytes, page: 1, width: 0 }));
    const [said] = await Promise.all([Promise.all(read), expect(damaged).rejects.toThrow('damaged')]);
    expect(said.map((one) => ('pages' in one ? one.pages[0] : ''))).toEqual(
      ['en', 'to', 'tre', 'fire', 'fem'].map((word) => `Side ${word}.`),
    );
  });
  expect(most).toBe(2);
}, 60_000);
