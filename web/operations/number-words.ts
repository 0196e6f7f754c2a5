/** How the numbers of a node are written: each by its unit, as a person says it. */
import type { NumberName } from '#continuity/operations/contract.ts';
import type { Written } from '../text/written.ts';

/** Those that stand in the room, in groups, the ones that care notices first. */
export const numberGroups = {
  care: ['upstreamSilentSeconds', 'feedLagSeconds', 'backlog', 'conflicts', 'quarantine', 'doubles', 'paperOpen'],
  safety: [
    'packAgeMinutes',
    'backupAgeHours',
    'backupVerifiedAgeHours',
    'scrubAgeHours',
    'blobs',
    'blobsSingle',
    'blobsDamaged',
    'logUnsealedSeconds',
    'certificateDays',
  ],
  machine: [
    'dataFreeShare',
    'dataFreeBytes',
    'walFreeShare',
    'blobFreeShare',
    'databaseBytes',
    'memoryBytes',
    'databaseAnswerMs',
    'databaseConnections',
    'oldestTransactionSeconds',
    'clockOffsetDatabaseMs',
    'clockOffsetUpstreamMs',
    'uptimeSeconds',
  ],
  requests: ['requestsPerMinute', 'errorsPerMinute', 'latencyP50Ms', 'latencyP99Ms', 'eventLoopP99Ms'],
} as const satisfies Readonly<Record<string, readonly NumberName[]>>;

export type NumberGroup = keyof typeof numberGroups;

const minute = 60;
const hour = 3600;
const day = 86_400;

/** `3 s`, `4 min`, `5 t`, `6 d`: the largest unit that has at least two of it. */
export function durationWords(seconds: number, { number }: Pick<Written, 'number'>, hourSign: string): string {
  const size = Math.abs(seconds);
  if (size < 2 * minute) return `${number(Math.round(seconds))} s`;
  if (size < 2 * hour) return `${number(Math.round(seconds / minute))} min`;
  if (size < 2 * day) return `${number(Math.round(seconds / hour))} ${hourSign}`;
  return `${number(Math.round(seconds / day))} d`;
}

const units: readonly (readonly [least: number, sign: string])[] = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
];

function bytesWords(bytes: number, { number }: Pick<Written, 'number'>): string {
  const [least, sign] = units.find(([from]) => bytes >= from) ?? [1, 'B'];
  return `${number(Number((bytes / least).toPrecision(3)))} ${sign}`;
}

/** As a person reads it: `12 GB`, `4 min`, `38 %`. */
export function numberWords(
  name: NumberName,
  value: number,
  written: Pick<Written, 'number'>,
  hourSign: string,
): string {
  if (name.endsWith('Bytes')) return bytesWords(value, written);
  if (name.endsWith('Share')) return `${written.number(Math.floor(value * 100))} %`;
  if (name.endsWith('Ms')) return `${written.number(Number(value.toPrecision(3)))} ms`;
  if (name.endsWith('Seconds')) return durationWords(value, written, hourSign);
  if (name.endsWith('Minutes')) return durationWords(value * minute, written, hourSign);
  if (name.endsWith('Hours')) return durationWords(value * hour, written, hourSign);
  if (name.endsWith('Days')) return `${written.number(Math.floor(value))} d`;
  return written.number(Math.round(value));
}
