/** That a value is out of its bounds: a sign, a word and a colour. */
import { ArrowDownIcon, ArrowUpIcon, ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import { useTranslation } from 'react-i18next';
import type { Flag } from './words.ts';

const signs = {
  high: ArrowUpIcon,
  low: ArrowDownIcon,
  critical: ExclamationmarkTriangleIcon,
  abnormal: ExclamationmarkTriangleIcon,
} as const;

/** A sign, a word and a colour: never the colour alone. */
export function FlagSign({ flag }: { flag: Flag }) {
  const { t } = useTranslation('record');
  const Sign = signs[flag];
  return (
    <span className={`fyr-sign fyr-flag-${flag}`}>
      <Sign aria-hidden />
      {t(`flag-${flag}`)}
    </span>
  );
}
