/** Where the nodes of a region stand on the map, and the lines between them: three columns on a wide screen, a list with its branches on a narrow one. Pure. */
import type { LineState, UpperLine } from '#continuity/line/contract.ts';
import type { NodeSeen } from '#continuity/reports/contract.ts';

export type Tier = 'region' | 'site' | 'ward';

/** How a line is, as this node knows it. */
export type LineKnown =
  | { kind: 'connected'; heard: number | undefined; lagMs?: number | undefined; backlog?: number }
  | { kind: 'cut'; heard: number | undefined; lagMs?: number | undefined; backlog?: number }
  | { kind: 'refused'; heard: number | undefined }
  | { kind: 'unseen' };

export type MapNode = {
  name: string;
  tier: Tier;
  above: string | undefined;
  isHere: boolean;
  line: LineKnown;
  /** What it told of itself; undefined: nothing yet. */
  seen?: NodeSeen | undefined;
};

type Above = Pick<UpperLine, 'node' | 'isConnected' | 'lastHeard' | 'currentAt' | 'backlog' | 'refused'>;
type Lines = Pick<LineState, 'node' | 'tier' | 'below'> & { above: Above | undefined };

/** What a node knows of the region: itself, the node above, and those below it, directly or not, with what they told. */
export function nodesOf(lines: Lines, now: number, seen: readonly NodeSeen[] = []): MapNode[] {
  const direct = neighboursOf(lines, now);
  const told = new Map(seen.map((one) => [one.name, one]));
  const beyond = seen.filter(({ name }) => !direct.some((one) => one.name === name));
  return [
    ...direct.map((node) => {
      const one = told.get(node.name);
      return { ...node, seen: one, line: node.isHere ? node.line : withTold(node.line, one) };
    }),
    ...beyond.map((one): MapNode => {
      const { name, tier, above, isHere, line } = one;
      const known: LineKnown =
        line === undefined ? { kind: 'unseen' } : { kind: line.isConnected ? 'connected' : 'cut', heard: line.heard };
      return { name, tier, above, isHere, line: withTold(known, one), seen: one };
    }),
  ];
}

/** The lower end knows how far it lies behind and what it has not sent; the upper end hears it. */
function withTold(line: LineKnown, seen: NodeSeen | undefined): LineKnown {
  if (seen === undefined || (line.kind !== 'connected' && line.kind !== 'cut')) return line;
  const { feedLagSeconds, backlog } = seen.numbers;
  return {
    ...line,
    ...(feedLagSeconds === undefined ? {} : { lagMs: feedLagSeconds * 1000 }),
    ...(backlog === undefined ? {} : { backlog }),
  };
}

function neighboursOf({ node, tier, above, below }: Lines, now: number): MapNode[] {
  const own: MapNode = {
    name: node,
    tier: tier as Tier,
    above: above?.node,
    isHere: true,
    line: above === undefined ? { kind: 'unseen' } : upwards(above, now),
  };
  const under = below.map(({ node: name, tier: kind, isConnected, lastHeard }): MapNode => ({
    name,
    tier: kind as Tier,
    above: node,
    isHere: false,
    line: { kind: isConnected ? 'connected' : 'cut', heard: lastHeard },
  }));
  const upper: MapNode[] =
    above === undefined
      ? []
      : [
          {
            name: above.node,
            tier: tier === 'ward' ? 'site' : 'region',
            above: undefined,
            isHere: false,
            line: { kind: 'unseen' },
          },
        ];
  return [...upper, own, ...under];
}

function upwards(above: Above, now: number): LineKnown {
  const { isConnected, lastHeard, currentAt, backlog, refused } = above;
  if (refused !== undefined) return { kind: 'refused', heard: lastHeard };
  const lagMs = currentAt === undefined ? undefined : Math.max(0, now - currentAt);
  return { kind: isConnected ? 'connected' : 'cut', heard: lastHeard, lagMs, backlog };
}

export type Placed = MapNode & { x: number; y: number };
export type Edge = { from: Placed; to: Placed; path: string };
export type Layout = { nodes: Placed[]; edges: Edge[]; width: number; height: number; boxWidth: number };

export const boxHeight = 76;
const wide = { boxWidth: 250, column: 370, row: 96, width: 990 };
const narrow = { boxWidth: 268, column: 24, row: 104, width: 320 };

/** Each below its own, in the order of names; what has nothing above it is a beginning. */
export function layOut(nodes: readonly MapNode[], isNarrow: boolean): Layout {
  const { boxWidth, column, row, width } = isNarrow ? narrow : wide;
  const known = new Set(nodes.map(({ name }) => name));
  const below = (name: string): MapNode[] =>
    nodes.filter(({ above }) => above === name).toSorted((a, b) => a.name.localeCompare(b.name, 'nb'));
  const placed: Placed[] = [];
  let rows = 0;
  const place = (node: MapNode, depth: number): Placed => {
    const own: Placed = { ...node, x: depth * column, y: 0 };
    placed.push(own);
    if (isNarrow) own.y = rows++ * row;
    const children = below(node.name).map((child) => place(child, depth + 1));
    if (!isNarrow) {
      const [first, last] = [children[0], children.at(-1)];
      own.y = first === undefined || last === undefined ? rows++ * row : (first.y + last.y) / 2;
    }
    return own;
  };
  for (const node of nodes.filter(({ above }) => above === undefined || !known.has(above))) place(node, 0);
  const edges = placed.flatMap((to): Edge[] => {
    const from = placed.find(({ name }) => name === to.above);
    return from === undefined ? [] : [{ from, to, path: pathOf(from, to, boxWidth, isNarrow) }];
  });
  return { nodes: placed, edges, width, height: Math.max(1, rows) * row, boxWidth };
}

function pathOf(from: Placed, to: Placed, boxWidth: number, isNarrow: boolean): string {
  const middle = to.y + boxHeight / 2;
  if (isNarrow) return `M${from.x + 12} ${from.y + boxHeight}V${middle}H${to.x}`;
  const start = from.x + boxWidth;
  const bend = (start + to.x) / 2;
  return `M${start} ${from.y + boxHeight / 2}H${bend}V${middle}H${to.x}`;
}
