/** What the upper side says on the line that it keeps open: that there may be news (`w`), and that it is here (`b`), with how its own line upwards stands. */

/** Told as lengths of time, so that clocks that differ change nothing. */
export type Beyond = {
  /** The node above has not heard of the one above it for so long, milliseconds; undefined: it is in contact. */
  silentMs: number | undefined;
  /** Age of what it has from the region, through all nodes between, milliseconds; undefined: it has not had all yet. */
  ageMs: number | undefined;
};

export type Beat = { isNews: boolean; beyond?: Beyond | undefined };

const lineBytesMax = 200;

/** @param beyond undefined: nobody is above the upper side itself */
export function beatLine(beyond: Beyond | undefined): string {
  if (beyond === undefined) return 'b\n';
  const told = (ms: number | undefined): string => (ms === undefined ? '-' : String(Math.max(0, Math.round(ms))));
  return `b ${told(beyond.silentMs)} ${told(beyond.ageMs)}\n`;
}

export const newsLine = 'w\n';

/** Reads what comes in pieces. What is not understood is a sign of life all the same: a newer upper side may say more. */
export function beatReader(): (chunk: string) => Beat[] {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(-lineBytesMax);
    return lines.map(beatOf);
  };
}

function beatOf(line: string): Beat {
  const [, silent, age] = /^b (-|\d{1,15}) (-|\d{1,15})$/.exec(line) ?? [];
  const ms = (told: string | undefined): number | undefined => (told === '-' ? undefined : Number(told));
  const isNews = line.startsWith('w');
  return silent === undefined ? { isNews } : { isNews, beyond: { silentMs: ms(silent), ageMs: ms(age) } };
}
