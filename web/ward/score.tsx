/** NEWS2 as a sign, a number and a word; what is missing is said, and it is never told as whole where it is not. */
import { ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import { useTranslation } from 'react-i18next';
import type { Score } from '#continuity/packs/contract.ts';

export function ScoreMark({ score }: { score: Pick<Score, 'sum' | 'missing' | 'risk' | 'notFor'> | undefined }) {
  const { t } = useTranslation('ward');
  if (score === undefined) return <span className="fyr-subtle">{t('score-none')}</span>;
  if (score.notFor !== undefined) return <span className="fyr-subtle">{t(`score-not-${score.notFor}`)}</span>;
  const { sum, missing, risk } = score;
  const isGrave = risk === 'high' || risk === 'medium';
  return (
    <span className={`fyr-sign fyr-score fyr-score-${risk}`}>
      {isGrave && <ExclamationmarkTriangleIcon aria-hidden fontSize="1.125rem" />}
      {missing.length === 0 ? String(sum) : t('score-least', { sum })}
      <span className="fyr-unseen"> {t(`risk-${risk}`)}</span>
    </span>
  );
}
