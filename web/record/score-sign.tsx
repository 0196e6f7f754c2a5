/** A NEWS2 score with what it means: a number, a word and a colour. Where a value lacks it is a least one, and says so. */
import { Tag } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import type { News2 } from '#shared/news2.ts';

const colours = { low: 'success', lowMedium: 'warning', medium: 'warning', high: 'danger' } as const;

export function ScoreSign({ score, isBrief = false }: { score: News2; isBrief?: boolean }) {
  const { t } = useTranslation('record');
  const isWhole = score.missing.length === 0;
  return (
    <Tag size="small" variant={score.risk === 'high' ? 'strong' : 'moderate'} data-color={colours[score.risk]}>
      <span>
        {isWhole ? score.sum : `≥ ${score.sum}`}
        <span className={isBrief ? 'fyr-unseen' : ''}> {t(`risk-${score.risk}`)}</span>
      </span>
    </Tag>
  );
}
