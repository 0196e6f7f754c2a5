/** Hears of what is written here. */
import type { Fhir } from '#fhir/index.ts';

/** The committer's listeners stay for good: this one can be ended. */
export function onWritten({ committer }: Pick<Fhir, 'committer'>, listener: () => void): () => void {
  let isOn = true;
  committer.onWritten(() => {
    if (isOn) listener();
  });
  return () => {
    isOn = false;
  };
}
