/** What a capture says, in a line. Pure but for the texts. */
import type { CaptureEntry } from '#continuity/ward-browser/contract.ts';
import type { Written } from '../text/written.ts';
import type { Say } from './words.ts';

const short = {
  breathing: 'short-breathing',
  saturation: 'short-saturation',
  oxygenLitres: 'short-oxygenLitres',
  pulse: 'short-pulse',
  temperature: 'short-temperature',
} as const;
const numeric = Object.keys(short) as (keyof typeof short)[];

/** `kl. 04.10: puls 88, temp. 38,2` */
export function entryWords(entry: CaptureEntry, written: Pick<Written, 'when' | 'number'>, t: Say): string {
  switch (entry.kind) {
    case 'vitals':
      return entry.rows
        .map((row) => {
          const { at, systolic, diastolic, consciousness } = row;
          const parts = [
            ...(systolic === undefined ? [] : [`${t('short-pressure')} ${systolic}/${diastolic}`]),
            ...numeric.flatMap((sign) => {
              const value = row[sign];
              return value === undefined ? [] : [`${t(short[sign])} ${written.number(value)}`];
            }),
            ...(consciousness === undefined ? [] : [t(`consciousness-${consciousness}`)]),
          ];
          return `${written.when(at)}: ${parts.join(', ')}`;
        })
        .join('; ');
    case 'doses':
      return entry.rows
        .map(({ at, medicine, dose, given, remark }) => {
          const what = given ? t('given-line', { medicine }) : t('not-given-line', { medicine });
          const amount = dose === undefined ? '' : ` ${written.number(dose.value)} ${dose.unit}`;
          return `${written.when(at)}: ${what}${amount}${remark === undefined ? '' : ` (${remark})`}`;
        })
        .join('; ');
    case 'note':
      return `${written.when(entry.at)}: ${t('note-line', { title: entry.title })}`;
  }
}
