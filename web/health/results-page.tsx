/** Each test as one reads it without knowing it: the value, whether it is where it usually is, how it went before, and what that means. */
import { BodyLong, Heading } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { Observation } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { FlagSign } from '../record/flag-sign.tsx';
import { flagOf, numbersOf, quantityOf, seriesOf, valueOf, whenOf, type Series } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Sparkline } from '../ui/sparkline.tsx';
import { BandScale } from './band-scale.tsx';
import { Explained, OwnMark } from './explained.tsx';
import { isOwn } from './own.ts';
import { resultsQuery } from './queries.ts';
import { loaderOf, useWhose } from './whose.ts';

export const loader = loaderOf((queries, patient) => [queries.prefetchQuery(resultsQuery(patient))]);

export function Component() {
  const { t } = useTranslation('health');
  const query = useQuery(resultsQuery(useWhose()));
  return (
    <>
      <title>{t('part-results')}</title>
      <Heading size="xlarge" level="1">
        {t('part-results')}
      </Heading>
      <BodyLong size="large">{t('results-lead')}</BodyLong>
      <Loaded query={query}>
        {({ resources, isMore }) => (
          <>
            <Tests series={seriesOf(resources)} empty={t('results-none')} />
            {isMore && <p className="fyr-subtle">{t('only-newest')}</p>}
          </>
        )}
      </Loaded>
    </>
  );
}

export function Tests({ series, empty }: { series: readonly Series[]; empty: string }) {
  if (series.length === 0) return <BodyLong>{empty}</BodyLong>;
  return (
    <ol className="fyr-plain fyr-stack">
      {series.map((one) => (
        <Test key={one.code} series={one} />
      ))}
    </ol>
  );
}

const shown = 5;

function Test({ series: { name, latest, all } }: { series: Series }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  const flag = flagOf(latest);
  const [{ low, high } = {}] = latest.referenceRange ?? [];
  return (
    <li className="fyr-card">
      <div className="fyr-result-head">
        <Heading size="small" level="2">
          {name}
        </Heading>
        <Sparkline
          values={numbersOf(all.slice(0, 12))}
          {...(low?.value === undefined ? {} : { low: low.value })}
          {...(high?.value === undefined ? {} : { high: high.value })}
        />
      </div>
      <p className="fyr-plain">
        <span className="fyr-result-value">{valueOf(latest, written.number)}</span> {flag && <FlagSign flag={flag} />}
        {isOwn(latest) && <OwnMark />}
      </p>
      <p className="fyr-plain fyr-subtle">{written.when(whenOf(latest))}</p>
      <BandScale value={latest.valueQuantity?.value} low={low?.value} high={high?.value} />
      <Reference observation={latest} />
      <Explained concept={latest.code}>
        <p className="fyr-plain">{t('reference-means')}</p>
      </Explained>
      {all.length > 1 && (
        <details className="fyr-explained">
          <summary>
            {t('earlier-values', { count: Math.min(all.length - 1, shown) })} <span className="fyr-unseen">{name}</span>
          </summary>
          <ul className="fyr-plain fyr-rows">
            {all.slice(1, shown + 1).map((one) => (
              <li key={one.id} className="fyr-result-head">
                <span>{valueOf(one, written.number)}</span>
                <span className="fyr-subtle">{written.when(whenOf(one))}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** Where the value usually is, and where this one is, in a sentence. */
function Reference({ observation }: { observation: Observation }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  const [{ low, high, text } = {}] = observation.referenceRange ?? [];
  const value = observation.valueQuantity?.value;
  if (low?.value === undefined && high?.value === undefined) {
    return text === undefined ? null : <p className="fyr-plain">{t('usual-is', { range: text })}</p>;
  }
  const range = [low, high].map((one) => quantityOf(one, written.number));
  const usual =
    low?.value === undefined
      ? t('usual-below', { high: range[1] })
      : high?.value === undefined
        ? t('usual-above', { low: range[0] })
        : t('usual-between', { low: written.number(low.value), high: range[1] });
  if (value === undefined) return <p className="fyr-plain">{usual}</p>;
  const where =
    low?.value !== undefined && value < low.value
      ? 'below'
      : high?.value !== undefined && value > high.value
        ? 'above'
        : 'within';
  return (
    <p className="fyr-plain">
      {usual} {t(`yours-${where}`)}
    </p>
  );
}
