/** Where personnel begin: find a patient, the ward, what is mine to do, those who come today, those looked at last. */
import { BodyLong, Heading, Search } from '@navikt/ds-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { foundMax, foundQuery, recentQuery, type FoundPatients } from '../record/found-patients.ts';
import { recentPatients } from '../record/recent.ts';
import { soughtIn } from '../record/sought.ts';
import { useSignedIn } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { OwnTasks } from './own-tasks.tsx';
import { PatientTable } from './patient-table.tsx';
import { visitsQuery } from './queries.ts';
import { WardList } from './ward-list.tsx';

export function Component() {
  const { t } = useTranslation('patients');
  const session = useSignedIn();
  // What is sought is no part of the address: addresses are kept in places where numbers of people have no place.
  const typed = (useLocation().state as { sought?: string } | null)?.sought ?? '';
  const role = session?.role?.practitionerRole;
  return (
    <>
      <title>{t('title')}</title>
      <Heading size="large" level="1" spacing>
        {t('title')}
      </Heading>
      <Finding key={typed} typed={typed} csrf={session?.csrf ?? ''} />
      {typed === '' && role !== undefined && (
        <>
          <WardList role={role} />
          <OwnTasks role={role} />
          <Visits role={role} />
        </>
      )}
      {typed === '' && <Recent person={session?.id ?? ''} />}
    </>
  );
}

function Finding({ typed, csrf }: { typed: string; csrf: string }) {
  const { t } = useTranslation('patients');
  const navigate = useNavigate();
  const [text, setText] = useState(typed);
  const [isTooLittle, setIsTooLittle] = useState(false);
  const query = useQuery({ ...foundQuery(soughtIn(typed), csrf), placeholderData: keepPreviousData });
  const find = (event: FormEvent): void => {
    event.preventDefault();
    const isEnough = soughtIn(text) !== undefined;
    setIsTooLittle(!isEnough && text.trim() !== '');
    if (isEnough || text.trim() === '') void navigate('.', { state: { sought: text.trim() } });
  };
  return (
    <section className="fyr-card">
      <form role="search" onSubmit={find} className="fyr-find">
        <Search
          label={t('find')}
          description={t('find-hint')}
          hideLabel={false}
          value={text}
          autoFocus
          autoComplete="off"
          error={isTooLittle ? t('too-little') : undefined}
          onChange={setText}
          onClear={() => void navigate('.', { state: null })}
        >
          <Search.Button type="submit">{t('search')}</Search.Button>
        </Search>
      </form>
      {typed !== '' && <Loaded query={query}>{(found) => <FoundList {...found} />}</Loaded>}
    </section>
  );
}

function FoundList({ patients, isMore }: FoundPatients) {
  const { t } = useTranslation('patients');
  return (
    <div className="fyr-apart">
      <p role="status">
        {patients.length === 0
          ? t('found-none')
          : isMore
            ? t('found-more', { count: foundMax })
            : t('found', { count: patients.length })}
      </p>
      {patients.length > 0 && <PatientTable label={t('title')} rows={patients.map((patient) => ({ patient }))} />}
    </div>
  );
}

function Visits({ role }: { role: string }) {
  const { t } = useTranslation('patients');
  const written = useWritten();
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' }).format(new Date());
  const query = useQuery(visitsQuery(role, today));
  return (
    <Block title={t('visits')}>
      <Loaded query={query}>
        {(visits) =>
          visits.length === 0 ? (
            <BodyLong>{t('visits-none')}</BodyLong>
          ) : (
            <PatientTable
              label={t('visits')}
              columns={[t('time'), t('reason')]}
              rows={visits.map(({ patient, appointment }) => ({
                patient,
                cells: [
                  appointment.start === undefined ? '' : written.time(appointment.start),
                  appointment.description ?? appointment.reasonCode?.[0]?.text ?? '',
                ],
              }))}
            />
          )
        }
      </Loaded>
    </Block>
  );
}

function Recent({ person }: { person: string }) {
  const { t } = useTranslation('patients');
  const ids = recentPatients(person);
  const query = useQuery(recentQuery(ids));
  if (ids.length === 0) return null;
  return (
    <Block title={t('recent')}>
      <Loaded query={query}>
        {(patients) => <PatientTable label={t('recent')} rows={patients.map((patient) => ({ patient }))} />}
      </Loaded>
    </Block>
  );
}

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="fyr-card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
