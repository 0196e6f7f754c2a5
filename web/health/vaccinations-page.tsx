/** Vaccinations, and the same as a certificate on paper: who, what, when, which dose, where. */
import { BodyLong, Button, Heading } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { Immunization, Patient } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { nameOf, personNumberOf } from '../record/names.ts';
import { patientQuery } from '../record/queries.ts';
import { wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { vaccinesQuery } from './queries.ts';
import { loaderOf, useWhose } from './whose.ts';

export const loader = loaderOf((queries, patient) => [
  queries.prefetchQuery(vaccinesQuery(patient)),
  queries.prefetchQuery(patientQuery(patient)),
]);

export function Component() {
  const { t } = useTranslation('health');
  const patient = useWhose();
  const query = useQuery(vaccinesQuery(patient));
  const { data: person } = useQuery(patientQuery(patient));
  return (
    <>
      <title>{t('part-vaccinations')}</title>
      <Heading size="xlarge" level="1">
        <span className="fyr-not-on-paper">{t('part-vaccinations')}</span>
        <span className="fyr-only-on-paper">{t('certificate')}</span>
      </Heading>
      <div className="fyr-only-on-paper">{person !== undefined && <Who person={person} />}</div>
      <Loaded query={query}>
        {({ resources }) => {
          const given = resources.filter(({ status }) => status === 'completed');
          if (given.length === 0) return <BodyLong>{t('vaccines-none')}</BodyLong>;
          return (
            <>
              <Given all={given} />
              <div className="fyr-not-on-paper">
                <BodyLong spacing>{t('certificate-more')}</BodyLong>
                <Button onClick={() => window.print()}>{t('print-certificate')}</Button>
              </div>
              <p className="fyr-only-on-paper fyr-small">{t('certificate-foot')}</p>
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function Who({ person }: { person: Patient }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  return (
    <p>
      {nameOf(person.name)}
      <br />
      {t('born', { date: written.date(person.birthDate) })}
      <br />
      {t('number', { number: personNumberOf(person.identifier) ?? '–' })}
      <br />
      {t('printed', { when: written.date(new Date().toISOString()) })}
    </p>
  );
}

function Given({ all }: { all: Immunization[] }) {
  const { t } = useTranslation('health');
  const written = useWritten();
  return (
    <div className="fyr-card">
      <table className="fyr-certificate fyr-folding">
        <thead>
          <tr>
            {['vaccine', 'when', 'dose', 'where'].map((column) => (
              <th key={column} scope="col">
                {t(`column-${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                {wordsOf(one.vaccineCode)}
                <Batch vaccine={one} />
              </th>
              <td data-column={t('column-when')}>{written.date(one.occurrenceDateTime?.slice(0, 10))}</td>
              <td data-column={t('column-dose')}>{one.protocolApplied?.[0]?.doseNumberPositiveInt ?? '–'}</td>
              <td data-column={t('column-where')}>{one.performer?.[0]?.actor.display ?? t('not-stated')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Batch({ vaccine: { lotNumber, vaccineCode } }: { vaccine: Immunization }) {
  const { t } = useTranslation('health');
  const code = vaccineCode.coding?.[0]?.code;
  const said = [
    code === undefined ? undefined : t('vaccine-code', { code }),
    lotNumber === undefined ? undefined : t('batch', { lot: lotNumber }),
  ].filter(Boolean);
  return said.length === 0 ? null : <div className="fyr-subtle fyr-small fyr-light-text">{said.join(' · ')}</div>;
}
