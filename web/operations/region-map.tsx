/** The lines between nodes as a picture, and the same in words under it: how each is, since when, how old, what waits. */
import { Table } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import type { LineState } from '#continuity/line/contract.ts';
import { useNow } from '../ui/use-now.ts';
import { useNarrow } from '../ui/use-narrow.ts';
import { useWritten } from '../text/written.ts';
import { durationWords } from './number-words.ts';
import { boxHeight, layOut, nodesOf, type LineKnown, type MapNode, type Placed } from './region-layout.ts';

const tickMs = 1000;

export function RegionMap({ state }: { state: LineState }) {
  const { t } = useTranslation('operations');
  const now = useNow(tickMs);
  const isNarrow = useNarrow();
  const nodes = nodesOf(state, now);
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
      <Lines nodes={nodes} now={now} setAside={state.setAside} />
    </>
  );
}

function Box({ node, width, now }: { node: Placed; width: number; now: number }) {
  const { t } = useTranslation('operations');
  const said = useLineWords();
  const { name, tier, x, y, isHere, line, above } = node;
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
        {t(`role-${tier}`)}
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

function Lines({ nodes, now, setAside }: { nodes: MapNode[]; now: number; setAside: number }) {
  const { t } = useTranslation('operations');
  const worst = { refused: 0, cut: 1, connected: 2, unseen: 3 } as const;
  const lines = nodes
    .filter(({ above }) => above !== undefined)
    .toSorted((a, b) => worst[a.line.kind] - worst[b.line.kind]);
  if (lines.length === 0) return <p className="fyr-plain">{t('lines-none')}</p>;
  return (
    <>
      <div className="fyr-scroll">
        <Table size="small" className="fyr-folding" aria-label={t('lines')}>
          <Table.Header>
            <Table.Row>
              {['line', 'line-state', 'line-heard', 'line-lag', 'line-backlog'].map((column) => (
                <Table.HeaderCell key={column} scope="col">
                  {t(column)}
                </Table.HeaderCell>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {lines.map((node) => (
              <LineRow key={node.name} node={node} now={now} />
            ))}
          </Table.Body>
        </Table>
      </div>
      {setAside > 0 && <p className="fyr-plain">{t('set-aside', { count: setAside })}</p>}
    </>
  );
}

function LineRow({ node: { name, above, line }, now }: { node: MapNode; now: number }) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  const say = (ms: number | undefined): string =>
    ms === undefined ? t('not-known') : durationWords(ms / 1000, written, t('hour-sign'));
  const { heard, lagMs, backlog } = { heard: undefined, lagMs: undefined, backlog: undefined, ...line };
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">{t('line-between', { below: name, above })}</Table.HeaderCell>
      <Table.DataCell data-column={t('line-state')}>
        <span className={`fyr-sign fyr-dot fyr-dot-${line.kind}`}>{t(`line-${line.kind}`)}</span>
      </Table.DataCell>
      <Table.DataCell data-column={t('line-heard')}>
        {heard === undefined ? t('not-known') : t('ago', { ago: say(now - heard) })}
      </Table.DataCell>
      <Table.DataCell data-column={t('line-lag')}>{say(lagMs)}</Table.DataCell>
      <Table.DataCell data-column={t('line-backlog')}>
        {backlog === undefined ? t('not-known') : written.number(backlog)}
      </Table.DataCell>
    </Table.Row>
  );
}
