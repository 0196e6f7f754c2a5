/** Accesses that look unusual, with why they do. Unusual is not wrong: a person decides. */
import { BodyLong, Heading, Tag } from '@navikt/ds-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, type LoaderFunctionArgs } from 'react-router';
import type { UnusualFinding } from '#trust/access-log/contract.ts';
import { queriesContext } from '../session/context.ts';
import { currentLanguage, useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { MorePages } from '../ui/more-pages.tsx';
import { PatientMark } from './patient-mark.tsx';
import { People } from './people.tsx';
import { unusualQuery } from './queries.ts';

export async function loader({ context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchInfiniteQuery(unusualQuery({}, currentLanguage()));
  return null;
}

export function Component() {
  const { t } = useTranslation('privacy');
  const query = useInfiniteQuery({ ...unusualQuery({}, useLanguage()), placeholderData: keepPreviousData });
  return (
    <div className="fyr-stack">
      <title>{t('unusual')}</title>
      <Heading size="large" level="1">
        {t('unusual')}
      </Heading>
      <BodyLong>{t('unusual-more')}</BodyLong>
      <Loaded query={query}>
        {({ pages }) => {
          const findings = pages.flatMap((page) => page.findings);
          if (findings.length === 0) return <BodyLong>{t('unusual-none')}</BodyLong>;
          return (
            <People patients={findings.map(({ patient }) => patient)}>
              <ul className="fyr-plain fyr-lines">
                {findings.map((finding) => (
                  <Finding key={`${finding.day} ${finding.who} ${finding.patient}`} finding={finding} />
                ))}
              </ul>
            </People>
          );
        }}
      </Loaded>
      <MorePages query={query} />
    </div>
  );
}

function Finding({ finding }: { finding: UnusualFinding }) {
  const { t } = useTranslation('privacy');
  const written = useWritten();
  const { day, who, name, patient, reasons, entries, score } = finding;
  const asked = new URLSearchParams({ who, from: day, until: day, ...(patient === undefined ? {} : { patient }) });
  return (
    <li className="fyr-card fyr-line">
      <p className="fyr-plain">
        <strong>{name}</strong>{' '}
        {patient !== undefined && (
          <>
            {t('looked-at')}{' '}
            <strong>
              <PatientMark patient={patient} />
            </strong>
          </>
        )}
      </p>
      <p className="fyr-plain fyr-subtle">
        {written.date(day)} · {t('entries', { count: entries })} · {t('weight', { number: written.number(score) })}
      </p>
      <ul className="fyr-plain fyr-row">
        {reasons.map(({ rule, words }) => (
          <li key={rule}>
            <Tag size="small" data-color="warning">
              {words}
            </Tag>
          </li>
        ))}
      </ul>
      <div>
        <Link to={`/privacy/log?${asked}`}>{t('see-log')}</Link>
      </div>
    </li>
  );
}
