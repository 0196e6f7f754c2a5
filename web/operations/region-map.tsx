/** The lines between nodes as a picture, with how many alarms each has; the same in words under it. */
import { useTranslation } from 'react-i18next';
import type { LineState } from '#continuity/line/contract.ts';
import type { NodeSeen } from '#continuity/reports/contract.ts';
import { useNow } from '../ui/use-now.ts';
import { useNarrow } from '../ui/use-narrow.ts';
import { useWritten } from '../text/written.ts';
import { durationWords } from './number-words.ts';
import { NodesSeen } from './nodes-seen.tsx';
import { boxHeight, layOut, nodesOf, type LineKnown, type Placed } from './region-layout.ts';

const tickMs = 1000;

export function RegionMap({ state, seen }: { state: LineState; seen: readonly NodeSeen[] | undefined }) {
  const { t } = useTranslation('operations');
  const now = useNow(tickMs);
  const isNarrow = useNarrow();
  const nodes = nodesOf(state, now, seen);
  const { nodes: placed, edges, width, height, boxWidth } = layOut(nodes, isNarrow);
  const label = t('map-of', { count: nodes.length });
  return (
    <>
      <svg
        className="fyr-map"
        role="img"
        aria-label={label}
        viewBox={`-2 -2 ${width + 4} ${height + 4}`}
        {...(isNarrow ? {} : { style: { maxWidth: `${width}px` } })}
      >
        {edges.map(({ to, path }) => (
          <path key={to.name} d={path} className={`fyr-map-line fyr-map-${to.line.kind}`} />
        ))}
        {placed.map((node) => (
          <Box key={node.name} node={node} width={boxWidth} now={now} />
        ))}
      </svg>
      <NodesSeen nodes={nodes} now={now} />
      {state.setAside > 0 && <p className="fyr-plain">{t('set-aside', { count: state.setAside })}</p>}
    </>
  );
}

function Box({ node, width, now }: { node: Placed; width: number; now: number }) {
  const { t } = useTranslation('operations');
  const said = useLineWords();
  const { name, tier, x, y, isHere, line, above, seen } = node;
  const alarms = isHere ? 0 : (seen?.alarms.length ?? 0);
  const kind = above === undefined ? 'home' : line.kind;
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width={width} height={boxHeight} rx={6} className={`fyr-map-box${isHere ? ' fyr-map-here' : ''}`} />
      <rect width={6} height={boxHeight - 16} x={8} y={8} rx={3} className={`fyr-map-state fyr-map-${kind}`} />
      <text x={24} y={25} className="fyr-map-name">
        {name}
        {isHere ? ` · ${t('here')}` : ''}
      </text>
      <text x={24} y={45} className="fyr-map-more">
        {[t(`role-${tier}`), alarms > 0 && t('alarms-count', { count: alarms })].filter(Boolean).join(' · ')}
      </text>
      <text x={24} y={64} className="fyr-map-more">
        {above === undefined ? t('top') : said(line, now)}
      </text>
    </g>
  );
}

/** `brutt, sist hørt for 3 min siden`. */
function useLineWords(): (line: LineKnown, now: number) => string {
  const { t } = useTranslation('operations');
  const written = useWritten();
  return (line, now) => {
    const words = t(`line-${line.kind}`);
    if (line.kind === 'unseen' || line.kind === 'connected' || line.heard === undefined) return words;
    const ago = durationWords(Math.max(0, now - line.heard) / 1000, written, t('hour-sign'));
    return `${words}, ${t('heard-ago', { ago })}`;
  };
}
