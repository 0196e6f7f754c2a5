/** While the node answers: that it is cut off from the hospital, or the hospital from the region, and how old what came from there is. */
import { useEffect, useState } from 'react';
import type { LineSummary } from '#continuity/line/contract.ts';
import { askJson, Refusal } from '../session/ask.ts';
import { isOutOfReach, LineWords } from '../ui/line-words.tsx';
import { useKeeper } from './keeper-context.ts';

const askedEachMs = 10_000;
const patienceMs = 8000;

export function WardLineBand() {
  const { contact, phase } = useKeeper().state;
  const line = useLine(contact === 'node' && phase === 'ready');
  if (line === undefined || !isOutOfReach(line)) return null;
  return (
    <div className="fyr-band fyr-band-warning" role="status">
      <LineWords line={line} isDowntime={false} />
    </div>
  );
}

/** Undefined where the node does not answer, or has no line: of a node that is gone another band tells. */
function useLine(isAsked: boolean): LineSummary | undefined {
  const [line, setLine] = useState<LineSummary>();
  useEffect(() => {
    if (!isAsked) return;
    let isShown = true;
    const ask = (): Promise<void> =>
      askJson<LineSummary>('/api/continuity/summary', { signal: AbortSignal.timeout(patienceMs) })
        .catch((error: unknown) => {
          // A node without a line gets none while it runs.
          if (error instanceof Refusal && error.status === 404) clearInterval(timer);
          return undefined;
        })
        .then((told) => {
          if (isShown) setLine(told);
        });
    const timer = setInterval(() => void ask(), askedEachMs);
    void ask();
    return () => {
      isShown = false;
      clearInterval(timer);
      setLine(undefined);
    };
  }, [isAsked]);
  return line;
}
