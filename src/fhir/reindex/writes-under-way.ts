/** Which writes have begun and not ended: they were indexed by the search parameters of their beginning. */
import type { Writer } from '../record/writer.ts';

export type WritesUnderWay = {
  /** The writer, followed. */
  follow(writer: Writer): Writer;
  /** Resolves when every write that is under way now has ended. */
  settled(): Promise<void>;
};

export function createWritesUnderWay(): WritesUnderWay {
  const underWay = new Set<Promise<unknown>>();
  return {
    follow: (writer) => ({
      ...writer,
      apply(grant, changes) {
        const result = writer.apply(grant, changes);
        const ended = result.then(
          () => {},
          () => {},
        );
        underWay.add(ended);
        void ended.then(() => underWay.delete(ended));
        return result;
      },
    }),
    async settled() {
      await Promise.all(underWay);
    },
  };
}
