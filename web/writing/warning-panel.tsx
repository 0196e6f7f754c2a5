/** What the measurements being typed come to: NEWS2, whether it is worse than before, and what to do then. */
import { Heading } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { Patient } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import type { News2 } from '#shared/news2.ts';
import { ageAt } from '../record/names.ts';
import { vitalsQuery } from '../record/queries.ts';
import { ScoreSign } from '../record/score-sign.tsx';
import { isScored, roundsOf, scoreOf } from '../record/vital-signs.ts';
import { useWritten } from '../text/written.ts';
import type { Values } from './form-kind.ts';
import { signsIn } from './vitals.ts';

/** Made for those of sixteen and more. */
const leastYears = 16;
/** So much worse than the round before is told, whatever the score. */
const rise = 2;

export function WarningPanel({ patient, values }: { patient: Patient; values: Values }) {
  const { t } = useTranslation('writing');
  const written = useWritten();
  const { data } = useQuery(vitalsQuery(patient.id ?? ''));
  const before = roundsOf(data?.resources ?? []).find(isScored);
  const signs = signsIn(values);
  const score = scoreOf(signs);
  const isAny = Object.keys(signs).length > 0;
  const isChild = (ageAt(patient.birthDate, new Date())?.years ?? leastYears) < leastYears;
  const missing = score.missing.map((one) => t(`sign-${one}`));
  const isWorse = before !== undefined && score.sum - before.score.sum >= rise;
  return (
    <section className="fyr-card fyr-warning-panel" aria-live="polite" aria-label={t('news2')}>
      <Heading size="xsmall" level="3">
        {t('news2')}
      </Heading>
      {isChild && <p>{t('news2-child')}</p>}
      {!isAny && <p className="fyr-subtle">{t('news2-begin')}</p>}
      {isAny && (
        <p>
          <ScoreSign score={score} />
        </p>
      )}
      {isAny && missing.length > 0 && (
        <p className="fyr-subtle fyr-small">{t('news2-missing', { what: written.list(missing) })}</p>
      )}
      {isAny && isWorse && (
        <p>
          <strong>{t('news2-worse', { from: before.score.sum, to: score.sum })}</strong>
        </p>
      )}
      {isAny && !isChild && (
        <>
          <p>
            <strong>{t(`do-${actionOf(score)}`)}</strong>
          </p>
          <p className="fyr-subtle fyr-small">{t(`again-${actionOf(score)}`)}</p>
        </>
      )}
      {before && (
        <p className="fyr-subtle fyr-small">
          {t('news2-before', { score: before.score.sum, when: written.when(new Date(before.at).toISOString()) })}
        </p>
      )}
    </section>
  );
}

/** The thresholds and responses of the Royal College of Physicians (NEWS2, 2017, charts 2 and 4). */
function actionOf({ sum, risk }: News2): 'none' | News2['risk'] {
  return sum === 0 ? 'none' : risk;
}
