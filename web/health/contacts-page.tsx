/** Next of kin and others to call, those of the register and those whom one named oneself; and who gives one care. */
import { BodyLong, Button, Heading, TextField } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { RelatedPerson } from 'fhir/r4';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { useRecordChange } from '../record/change.ts';
import { nameOf } from '../record/names.ts';
import { patientQuery } from '../record/queries.ts';
import { rowsOrNone } from '../record/rows.tsx';
import { wordsOf } from '../record/words.ts';
import { useChange } from '../session/queries.ts';
import { useDraftOf } from '../ui/draft.ts';
import { Named } from '../ui/named.tsx';
import { Problem } from '../ui/problem.tsx';
import { OwnMark } from './explained.tsx';
import { contactOf, isOwn, type TypedContact } from './own.ts';
import { contactsQuery, teamQuery } from './queries.ts';
import { loaderOf, useWhose } from './whose.ts';

export const loader = loaderOf((queries, patient) => [queries.prefetchQuery(contactsQuery(patient))]);

export function Component() {
  const { t } = useTranslation('health');
  const patient = useWhose();
  return (
    <>
      <title>{t('part-contacts')}</title>
      <Heading size="xlarge" level="1">
        {t('part-contacts')}
      </Heading>
      <Card title={t('kin')} area="own-kin" query={contactsQuery(patient)} empty={t('kin-none')}>
        {(all) =>
          rowsOrNone(
            all.filter(({ active }) => active !== false),
            (one) => <Contact contact={one} />,
          )
        }
      </Card>
      <AddContact key={patient} patient={patient} />
      <Care patient={patient} />
    </>
  );
}

function Contact({ contact }: { contact: RelatedPerson }) {
  const { t } = useTranslation('health');
  const change = useChange();
  const removing = useMutation({
    mutationFn: () => change(`/fhir/RelatedPerson/${contact.id}`, { method: 'DELETE' }, ['record']),
  });
  const phones = (contact.telecom ?? []).flatMap(({ system, value }) => (system === 'phone' ? (value ?? []) : []));
  const relations = (contact.relationship ?? []).map(wordsOf).filter(Boolean);
  return (
    <>
      <div className="fyr-row fyr-row-middle fyr-row-apart">
        <span>
          <strong>{nameOf(contact.name)}</strong>
          {isOwn(contact) && <OwnMark />}
          <span className="fyr-subtle"> {[...new Set(relations)].join(', ')}</span>
          {phones.length > 0 && <div>{phones.join(', ')}</div>}
        </span>
        {isOwn(contact) && (
          <Button size="small" variant="tertiary" loading={removing.isPending} onClick={() => removing.mutate()}>
            {t('remove')}
            <span className="fyr-unseen"> {nameOf(contact.name)}</span>
          </Button>
        )}
      </div>
      <Problem error={removing.error} />
    </>
  );
}

const nobody: TypedContact = { name: '', relation: '', phone: '' };

function AddContact({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  const draft = useDraftOf<TypedContact>(`contact ${patient}`, nobody);
  const [isTried, setIsTried] = useState(false);
  const { create } = useRecordChange();
  const lacks = { name: draft.value.name.trim() === '', phone: !/^\+?[\d ]{5,20}$/.test(draft.value.phone.trim()) };
  const sending = useMutation({
    mutationFn: () => create(patient, [contactOf(patient, draft.value)], draft.id),
    onSuccess: () => {
      draft.forget();
      setIsTried(false);
    },
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (!lacks.name && !lacks.phone) sending.mutate();
  };
  const field = (name: keyof TypedContact, more: object): React.ReactNode => (
    <TextField
      label={t(`contact-${name}`)}
      value={draft.value[name]}
      maxLength={100}
      onChange={(event) => draft.write({ ...draft.value, [name]: event.target.value })}
      {...more}
    />
  );
  return (
    <form className="fyr-card fyr-stack" onSubmit={send} noValidate>
      <Heading size="small" level="2">
        {t('add-contact')}
      </Heading>
      <BodyLong>{t('add-contact-more')}</BodyLong>
      {field('name', { error: isTried && lacks.name ? t('contact-lacks-name') : undefined, autoComplete: 'off' })}
      {field('relation', { description: t('contact-relation-hint'), autoComplete: 'off' })}
      {field('phone', { error: isTried && lacks.phone ? t('contact-lacks-phone') : undefined, type: 'tel' })}
      <Problem error={sending.error} />
      <div>
        <Button type="submit" loading={sending.isPending}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}

/** The GP, and those who are said to take part in the care. */
function Care({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  const { data: person } = useQuery(patientQuery(patient));
  const doctors = (person?.generalPractitioner ?? []).flatMap(({ reference, display }) =>
    reference === undefined ? [] : [{ reference, display }],
  );
  return (
    <>
      <section className="fyr-card">
        <h2>{t('gp')}</h2>
        {doctors.length === 0 ? (
          <p className="fyr-plain fyr-subtle">{t('gp-none')}</p>
        ) : (
          <ul className="fyr-plain">
            {doctors.map(({ reference, display }) => (
              <li key={reference}>{display ?? <Named reference={reference} />}</li>
            ))}
          </ul>
        )}
      </section>
      <Card title={t('team')} area="own-team" query={teamQuery(patient)} empty={t('team-none')}>
        {(all) =>
          rowsOrNone(
            all.flatMap(({ id, participant = [] }) =>
              participant.map((one, at) => ({ ...one, id: `${id} ${one.member?.reference ?? at}` })),
            ),
            ({ member, role }) => (
              <>
                <strong>{member?.display}</strong> <span className="fyr-subtle">{wordsOf(role?.[0])}</span>
              </>
            ),
          )
        }
      </Card>
    </>
  );
}
