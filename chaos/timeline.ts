/** What happened when, as a picture: requests answered and not at each node, and when each fault struck and all agreed again. */
import type { Operation } from './history.ts';
import type { Row } from './series.ts';
import { nodeNames, type NodeName } from './topology.ts';

const width = 1400;
const left = 90;
const laneHeight = 70;
const top = 60;

export function timelineOf(operations: readonly Operation[], rows: readonly Row[], title: string): string {
  const end = Math.max(
    1000,
    ...operations.map(({ ended }) => ended),
    ...rows.map(({ strike, agreed }) => strike.to + agreed.ms),
  );
  const x = (ms: number): number => left + (ms / end) * (width - left - 20);
  const names = nodeNames.filter((name) => operations.some(({ node }) => node === name));
  const height = top + names.length * laneHeight + 50;
  const most = mostOf(operations);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title><rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="18" font-size="14">${escaped(title)}</text>`,
    ...rows.map((row) => bandOf(row, x, height)),
    ...names.map((name, at) => laneOf(name, operations, { x, y: top + at * laneHeight, end, most })),
    axisOf(end, x, height - 22),
    '</svg>',
  ];
  return parts.join('\n');
}

function bandOf({ fault, strike, agreed, findings }: Row, x: (ms: number) => number, height: number): string {
  const [from, to, whole] = [x(strike.from), x(strike.to), x(strike.to + agreed.ms)];
  const color = findings.length > 0 ? '#f5b7b1' : '#fdebd0';
  return [
    `<rect x="${from.toFixed(1)}" y="28" width="${(to - from).toFixed(1)}" height="${height - 68}" fill="${color}"/>`,
    `<rect x="${to.toFixed(1)}" y="28" width="${Math.max(whole - to, 1).toFixed(1)}" height="${height - 68}" fill="#d5f5e3"/>`,
    `<text x="${from.toFixed(1)}" y="42">${fault.id}</text>`,
  ].join('');
}

type Lane = { x: (ms: number) => number; y: number; end: number; most: number };

const stepMs = 500;
const barHeight = 40;

/** The most requests that one node answered within a step: the highest bar. */
function mostOf(operations: readonly Operation[]): number {
  const counts = new Map<string, number>();
  for (const { node, ended } of operations) {
    const key = `${node} ${Math.floor(ended / stepMs)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(1, ...counts.values());
}

/** A bar for each half second: upwards what was answered, below the line what was not. */
function laneOf(name: NodeName, operations: readonly Operation[], { x, y, end, most }: Lane): string {
  const bars: string[] = [];
  const base = y + laneHeight - 20;
  const step = stepMs;
  for (let from = 0; from < end; from += step) {
    const within = operations.filter(({ node, ended }) => node === name && ended >= from && ended < from + step);
    const answered = within.filter(({ outcome }) => outcome !== 'unknown').length;
    const lost = within.length - answered;
    const barWidth = Math.max(x(from + step) - x(from) - 0.3, 0.5).toFixed(1);
    const tall = Math.ceil((answered / most) * barHeight);
    if (answered > 0)
      bars.push(
        `<rect x="${x(from).toFixed(1)}" y="${base - tall}" width="${barWidth}" height="${tall}" fill="#2e6f9e"/>`,
      );
    if (lost > 0)
      bars.push(
        `<rect x="${x(from).toFixed(1)}" y="${base}" width="${barWidth}" height="${Math.min(lost * 2, 14)}" fill="#b03a2e"/>`,
      );
  }
  return `<text x="8" y="${base}">${name}</text><line x1="${left}" x2="${width - 20}" y1="${base}" y2="${base}" stroke="#999"/>${bars.join('')}`;
}

function axisOf(end: number, x: (ms: number) => number, y: number): string {
  const tickMs = end > 300_000 ? 60_000 : 10_000;
  const ticks: string[] = [];
  for (let ms = 0; ms <= end; ms += tickMs) ticks.push(`<text x="${x(ms).toFixed(1)}" y="${y}">${ms / 1000} s</text>`);
  const key = 'blue: answered · red: no answer · orange: the fault (red: a promise broken) · green: until all agree';
  return `${ticks.join('')}<text x="${left}" y="${y + 16}" fill="#555">${key}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
