/** How an evaluation tells its figures: tables that can stand in a document as they are. */
export type Table = {
  title: string;
  /** The seed that chose the parts, where chance did; the command that makes the same table again. */
  seed?: string;
  command: string;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
  /** What one has to know to read the figures rightly. */
  note?: string;
  /** Why nothing was measured, where the data are not at hand. The table has no rows then. */
  skipped?: string;
};

/** A part of `npm run eval`: a folder of `eval/` with a `section.ts` that exports it as `section`. */
export type Section = { name: string; run(): Promise<Table[]> };

/** `93.0 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A table as Markdown, with its seed and command under it. */
export function markdownOf({ title, seed, command, columns, rows, note, skipped }: Table): string {
  const lines = [`### ${title}`, ''];
  if (skipped !== undefined) return [...lines, `Skipped: ${skipped}`, ''].join('\n');
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  lines.push(line(columns), line(columns.map(() => '---')), ...rows.map(line), '');
  lines.push(
    `\`${command}\`${seed === undefined ? '' : `, seed \`${seed}\``}.${note === undefined ? '' : ` ${note}`}`,
    '',
  );
  return lines.join('\n');
}
