/** One's health in plain words: what comes, what is new, what one must watch out for, what one has and takes. */
import { BodyLong, Heading } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Card } from '../record/card.tsx';
import { FlagSign } from '../record/flag-sign.tsx';
import { nameOf } from '../record/ordered.ts';
import { rowsOrNone } from '../record/rows.tsx';
import { flagOf, isStanding, saysNone, seriesOf, valueOf, whenOf, wordsOf } from '../record/words.ts';
import { useActingFor, useActingSearch } from '../session/acting-for.tsx';
import { useWritten } from '../text/written.ts';
import { Upcoming } from './appointments.tsx';
import { Explained, OwnMark } from './explained.tsx';
import { isOwn } from './own.ts';
import { allergiesQuery, appointmentsQuery, medicinesQuery, problemsQuery, resultsQuery } from './queries.ts';
import { loaderOf, useWhose } from './whose.ts';

export const loader = loaderOf((queries, patient) => [
  queries.prefetchQuery(appointmentsQuery(patient)),
  queries.prefetchQuery(allergiesQuery(patient)),
]);

export function Component() {
  const { t } = useTranslation('health');
  const patient = useWhose();
  const isForAnother = useActingFor() !== undefined;
  return (
    <>
      <title>{t('title')}</title>
      <div>
        <Heading size="xlarge" level="1" spacing>
          {t(isForAnother ? 'title-other' : 'title')}
        </Heading>
        <BodyLong size="large">{t('lead')}</BodyLong>
      </div>
      <Upcoming patient={patient} most={2} />
      <Latest patient={patient} />
      <Allergies patient={patient} />
      <Problems patient={patient} />
      <Medicines patient={patient} />
    </>
  );
}

function Latest({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  const search = useActingSearch();
  return (
    <Card title={t('latest')} area="own-latest" query={resultsQuery(patient)} empty={t('results-none')}>
      {(all) => {
        const rows = rowsOrNone(
          seriesOf(all)
            .slice(0, 4)
            .map(({ name, latest }) => ({ ...latest, name })),
          (one) => {
            const flag = flagOf(one);
            return (
              <div className="fyr-result-head">
                <span>
                  {one.name}: <strong>{valueOf(one, written.number)}</strong> {flag && <FlagSign flag={flag} />}
                </span>
                <span className="fyr-subtle fyr-small">{written.when(whenOf(one))}</span>
              </div>
            );
          },
        );
        return rows === undefined ? undefined : (
          <>
            {rows}
            <p>
              <Link to={`/health/results${search}`}>{t('all-results')}</Link>
            </p>
          </>
        );
      }}
    </Card>
  );
}

function Allergies({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  return (
    <Card title={t('allergies')} area="own-allergies" query={allergiesQuery(patient)} empty={t('allergies-unknown')}>
      {(all) => {
        const standing = all.filter(isStanding);
        const real = standing.filter((one) => !saysNone(one));
        if (real.length === 0 && standing.length > 0) return <p>{t('allergies-none')}</p>;
        return rowsOrNone(real, (one) => (
          <>
            <strong>{wordsOf(one.code)}</strong>
            {one.criticality === 'high' && ` – ${t('serious')}`}
            {isOwn(one) && <OwnMark />}
            <div className="fyr-subtle">
              {(one.reaction ?? [])
                .flatMap(({ manifestation }) => manifestation.map(wordsOf))
                .filter(Boolean)
                .join(', ')}
            </div>
            <Explained concept={one.code} />
          </>
        ));
      }}
    </Card>
  );
}

function Problems({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  return (
    <Card title={t('problems')} area="own-problems" query={problemsQuery(patient)} empty={t('problems-none')}>
      {(all) =>
        rowsOrNone(all.filter(isStanding), (one) => (
          <>
            <strong>{wordsOf(one.code)}</strong>
            {one.onsetDateTime !== undefined && (
              <span className="fyr-subtle"> {t('since', { date: written.date(one.onsetDateTime.slice(0, 7)) })}</span>
            )}
            <Explained concept={one.code} />
          </>
        ))
      }
    </Card>
  );
}

function Medicines({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  return (
    <Card title={t('medicines-now')} area="own-medicines" query={medicinesQuery(patient)} empty={t('medicines-none')}>
      {(all) =>
        rowsOrNone(all, (one) => (
          <>
            <strong>{nameOf(one)}</strong>
            {one.dosage?.[0]?.text !== undefined && ` – ${one.dosage[0].text}`}
            {wordsOf(one.reasonCode?.[0]) !== '' && (
              <span className="fyr-subtle"> ({t('for-what', { reason: wordsOf(one.reasonCode?.[0]) })})</span>
            )}
          </>
        ))
      }
    </Card>
  );
}
