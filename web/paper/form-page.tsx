/** One form: what it is, whose, and what is to be done with it next. */
import { Heading, Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams, type LoaderFunctionArgs } from 'react-router';
import type { FormShown } from '#continuity/back-entry/contract.ts';
import { listedNameOf, personNumberOf } from '../record/names.ts';
import { patientQuery } from '../record/queries.ts';
import { queriesContext } from '../session/context.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { CloseForm } from './close-form.tsx';
import { Entered } from './entered.tsx';
import { EntryForm } from './entry-form.tsx';
import { formQuery } from './queries.ts';
import '../ui/rooms.css';

export async function loader({ params, context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchQuery(formQuery(params['code'] ?? ''));
  return null;
}

export function Component() {
  const { t } = useTranslation('paper');
  const { code = '' } = useParams();
  const query = useQuery(formQuery(code));
  return (
    <div className="fyr-stack">
      <title>{t('form')}</title>
      <Link to="/paper">{t('to-paper')}</Link>
      <Heading size="large" level="1">
        {query.data === undefined ? t('form') : t(`kind-${query.data.kind}`)}
      </Heading>
      <Loaded query={query}>{(form) => <Shown key={form.state} form={form} />}</Loaded>
    </div>
  );
}

function Shown({ form }: { form: FormShown }) {
  const { t } = useTranslation('paper');
  const written = useWritten();
  const { code, state, isClosed, patient, entry, events, printedAt, needsSecondPerson } = form;
  const whose = patient ?? entry?.patient;
  return (
    <>
      <section aria-label={t('form')} className="fyr-card fyr-stack">
        <p className="fyr-plain fyr-row fyr-row-middle">
          <strong className="fyr-number">{code}</strong>
          <Tag size="small" variant="moderate" data-color={isClosed ? 'success' : 'warning'}>
            {t(`state-${state}`)}
          </Tag>
          {printedAt && <span className="fyr-subtle">{t('printed', { when: written.when(printedAt) })}</span>}
        </p>
        {whose !== undefined && <Whose patient={whose} />}
        {needsSecondPerson && !isClosed && <p className="fyr-plain">{t('second-person')}</p>}
      </section>
      {!isClosed && state === 'issued' && <EntryForm form={form} />}
      {entry !== undefined && <Entered form={form} entry={entry} />}
      {!isClosed && state === 'issued' && <CloseForm code={code} />}
      {(state === 'lost' || state === 'unused') && <p className="fyr-plain">{t('turned-up')}</p>}
      {(state === 'lost' || state === 'unused') && <EntryForm form={form} />}
      <section aria-labelledby="events" className="fyr-card">
        <h2 id="events">{t('events')}</h2>
        <ol className="fyr-plain fyr-rows">
          {events.map(({ what, at, by, reason }) => (
            <li key={`${what} ${at}`}>
              <span className="fyr-number">{written.when(at)}</span> <strong>{by.name}</strong> {t(`event-${what}`)}
              {reason && `: ${reason}`}
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

/** The patient is never in doubt: name, birth date and number, beside the sheet that one holds. */
function Whose({ patient }: { patient: string }) {
  const { t } = useTranslation('paper');
  const written = useWritten();
  const query = useQuery(patientQuery(patient));
  return (
    <Loaded query={query}>
      {({ name, birthDate, identifier }) => (
        <p className="fyr-plain">
          {t('about')} <strong>{listedNameOf(name)}</strong>, {written.date(birthDate)},{' '}
          <span className="fyr-number">{personNumberOf(identifier)}</span>
        </p>
      )}
    </Loaded>
  );
}
