/** To write in a patient's record: what there is to write, and the chosen form. The address says which, and what is changed. */
import { BodyLong, Heading } from '@navikt/ds-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import type { Patient } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { NavLink, useParams, useSearchParams } from 'react-router';
import { nameOf } from '../record/names.ts';
import { patientQuery, resourceQuery } from '../record/queries.ts';
import { useDraftList } from '../ui/draft.ts';
import { Loaded } from '../ui/loaded.tsx';
import { NotThere } from '../ui/trouble.tsx';
import { forms } from './forms.ts';
import type { FormKind } from './form-kind.ts';
import { draftAbout, WriteForm } from './write-form.tsx';
import './writing.css';

export function Component() {
  const { t } = useTranslation('writing');
  const { patient: id = '', form: name } = useParams();
  const [address] = useSearchParams();
  const { data: patient } = useSuspenseQuery(patientQuery(id));
  const form = forms.find((one) => one.name === name);
  const changed = address.get('id') ?? undefined;
  if (name !== undefined && form === undefined) return <NotThere />;
  return (
    <div className="fyr-writing">
      <Kinds patient={id} />
      <div className="fyr-writing-form">
        {form === undefined ? (
          <BodyLong>{t('choose-kind')}</BodyLong>
        ) : (
          <>
            <Heading size="small" level="2" spacing>
              {t(changed === undefined ? `form-${form.name}` : `change-${form.name}`)}
              <span className="fyr-subtle"> · {nameOf(patient.name)}</span>
            </Heading>
            {changed === undefined ? (
              <WriteForm key={form.name} form={form} patient={patient} before={undefined} />
            ) : (
              <Changed form={form} patient={patient} id={changed} />
            )}
          </>
        )}
      </div>
    </div>
  );
}

function Changed({ form, patient, id }: { form: FormKind; patient: Patient; id: string }) {
  const type = form.change?.type;
  const query = useQuery(resourceQuery(patient.id ?? '', type ?? 'Patient', id));
  if (type === undefined) return <NotThere />;
  return (
    <Loaded query={query}>{(before) => <WriteForm key={id} form={form} patient={patient} before={before} />}</Loaded>
  );
}

function Kinds({ patient }: { patient: string }) {
  const { t } = useTranslation('writing');
  const drafts = useDraftList().map(({ about }) => about);
  return (
    <nav aria-label={t('kinds')} className="fyr-writing-kinds">
      {forms.map(({ name }) => (
        <NavLink key={name} to={`/patients/${patient}/write/${name}`}>
          {t(`form-${name}`)}
          {drafts.includes(draftAbout(name, patient)) && <span className="fyr-subtle fyr-small"> {t('draft')}</span>}
        </NavLink>
      ))}
    </nav>
  );
}
