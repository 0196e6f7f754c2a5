/** How ill the patient is now: NEWS2 of the last round, whether it rises, and the day's scores as a line. */
import { ArrowDownIcon, ArrowRightIcon, ArrowUpIcon } from '@navikt/aksel-icons';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Card } from '../record/card.tsx';
import { vitalsQuery } from '../record/queries.ts';
import { ScoreSign } from '../record/score-sign.tsx';
import { isScored, roundsOf } from '../record/vital-signs.ts';
import { useWritten } from '../text/written.ts';
import { Sparkline } from '../ui/sparkline.tsx';

const trendMost = 12;
/** On a ward a score older than this is no longer how ill the patient is. */
const oldHours = 12;

export function EarlyWarning({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  const written = useWritten();
  return (
    <Card title={t('news2')} area="news2" query={vitalsQuery(patient)} empty={t('news2-none')}>
      {(all) => {
        const [latest, before, ...older] = roundsOf(all).filter(isScored);
        if (latest === undefined) return undefined;
        const scores = [latest, ...(before ? [before] : []), ...older].slice(0, trendMost);
        const isOld = Date.now() - latest.at > oldHours * 3_600_000;
        const missing = latest.score.missing.map((one) => t(`sign-${one}`));
        return (
          <>
            <div className="fyr-row fyr-row-middle">
              <ScoreSign score={latest.score} />
              {before && <Change from={before.score.sum} to={latest.score.sum} />}
              <Sparkline values={scores.map(({ score }) => score.sum).reverse()} low={0} high={4} />
              <span className={isOld ? 'fyr-older fyr-small' : 'fyr-subtle fyr-small'}>
                {t('measured-at', { when: written.when(new Date(latest.at).toISOString()) })}
              </span>
            </div>
            {missing.length > 0 && (
              <p className="fyr-subtle fyr-small">{t('news2-missing', { what: written.list(missing) })}</p>
            )}
            <p>
              <Link to="write/vitals">{t('write-vitals')}</Link>
            </p>
          </>
        );
      }}
    </Card>
  );
}

function Change({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation('chart');
  const [Sign, name] =
    to > from
      ? ([ArrowUpIcon, 'rises'] as const)
      : to < from
        ? ([ArrowDownIcon, 'falls'] as const)
        : ([ArrowRightIcon, 'stays'] as const);
  return (
    <span className="fyr-sign">
      <Sign aria-hidden fontSize="1.25rem" />
      {t(`news2-${name}`, { from })}
    </span>
  );
}
