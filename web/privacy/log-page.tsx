/** To search the whole log: by patient, by who, by when, by how it ended. Searching is in the log too. */
import { BodyLong, Button, Heading, InlineMessage, Select, Table, Tag, TextField } from '@navikt/ds-react';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams, type LoaderFunctionArgs } from 'react-router';
import type { OfficerEntry } from '#trust/access-log/contract.ts';
import { doneWords } from '../record/done.ts';
import { queriesContext } from '../session/context.ts';
import { useSignedIn } from '../session/queries.ts';
import { currentLanguage, useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { Loaded } from '../ui/loaded.tsx';
import { MorePages } from '../ui/more-pages.tsx';
import { Problem } from '../ui/problem.tsx';
import { TableHead } from '../ui/table-head.tsx';
import { PatientMark } from './patient-mark.tsx';
import { People } from './people.tsx';
import { findByNumber, logQuery, parametersOf, type Asked } from './queries.ts';

const fields = ['patient', 'who', 'from', 'until', 'ground', 'outcome'] as const;
const outcomes = ['allowed', 'refused', 'failed'] as const;
const grounds = ['care-relationship', 'attested', 'break-glass', 'own-record', 'parent', 'power-of-attorney'] as const;

function askedIn(address: URLSearchParams): Asked {
  return Object.fromEntries(fields.map((field) => [field, address.get(field) ?? '']));
}

export async function loader({ request, context }: LoaderFunctionArgs): Promise<null> {
  const asked = askedIn(new URL(request.url).searchParams);
  await context.get(queriesContext).prefetchInfiniteQuery(logQuery(asked, currentLanguage()));
  return null;
}

export function Component() {
  const { t } = useTranslation('privacy');
  const [address, setAddress] = useSearchParams();
  const asked = askedIn(address);
  const query = useInfiniteQuery({ ...logQuery(asked, useLanguage()), placeholderData: keepPreviousData });
  const csrf = useSignedIn()?.csrf ?? '';
  const [unknown, setUnknown] = useState(false);
  const look = useMutation({
    mutationFn: async (said: Asked) => {
      const number = (said['patient'] ?? '').replaceAll(' ', '');
      if (!/^\d{11}$/.test(number)) return said;
      // A number never stands in an address: the patient's id does.
      const { people } = await findByNumber(number, csrf);
      return people[0] === undefined ? undefined : { ...said, patient: people[0].patient };
    },
    onSuccess(found) {
      setUnknown(found === undefined);
      if (found !== undefined) setAddress(parametersOf(found));
    },
  });
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const said = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value).trim()]);
    look.mutate(Object.fromEntries(said) as Asked);
  };
  return (
    <div className="fyr-stack">
      <title>{t('log')}</title>
      <Heading size="large" level="1">
        {t('log')}
      </Heading>
      <BodyLong>{t('log-lead')}</BodyLong>
      <Form key={address.toString()} asked={asked} search={search} />
      <Problem error={look.error} />
      <div role="status">{unknown && <InlineMessage status="warning">{t('log-number-none')}</InlineMessage>}</div>
      <Loaded query={query}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries);
          return (
            <People patients={[asked['patient'] || undefined, ...entries.map(({ patient }) => patient)]}>
              <Entries entries={entries} />
            </People>
          );
        }}
      </Loaded>
      <MorePages query={query} />
    </div>
  );
}

type FormProps = { asked: Asked; search: (event: FormEvent<HTMLFormElement>) => void };

function Form({ asked, search }: FormProps) {
  const { t } = useTranslation('privacy');
  return (
    <form role="search" onSubmit={search} className="fyr-card fyr-row fyr-not-on-paper">
      <TextField
        size="small"
        name="patient"
        label={t('log-patient')}
        placeholder={t('log-patient-more')}
        autoComplete="off"
        defaultValue={asked['patient'] ?? ''}
      />
      <TextField
        size="small"
        name="who"
        label={t('log-who')}
        defaultValue={asked['who'] ?? ''}
        placeholder="Practitioner/…"
      />
      <TextField
        size="small"
        name="from"
        label={t('log-from')}
        defaultValue={asked['from'] ?? ''}
        placeholder="2026-11-01"
      />
      <TextField
        size="small"
        name="until"
        label={t('log-until')}
        defaultValue={asked['until'] ?? ''}
        placeholder="2026-11-30"
      />
      <Select size="small" name="ground" label={t('log-ground')} defaultValue={asked['ground'] ?? ''}>
        <option value="">{t('any')}</option>
        {grounds.map((ground) => (
          <option key={ground} value={ground}>
            {t(`ground-${ground}`)}
          </option>
        ))}
      </Select>
      <Select size="small" name="outcome" label={t('log-outcome')} defaultValue={asked['outcome'] ?? ''}>
        <option value="">{t('any')}</option>
        {outcomes.map((outcome) => (
          <option key={outcome} value={outcome}>
            {t(`outcome-${outcome}`)}
          </option>
        ))}
      </Select>
      <Button size="small" type="submit">
        {t('search')}
      </Button>
    </form>
  );
}

function Entries({ entries }: { entries: OfficerEntry[] }) {
  const { t } = useTranslation('privacy');
  if (entries.length === 0) return <BodyLong>{t('log-none')}</BodyLong>;
  return (
    <div className="fyr-card fyr-scroll">
      <Table size="small" className="fyr-folding" aria-label={t('log')}>
        <TableHead
          columns={['log-when', 'log-by', 'log-what', 'log-patient', 'log-ground', 'log-from-where'].map((column) =>
            t(column),
          )}
        />
        <Table.Body>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}

function Entry({ entry }: { entry: OfficerEntry }) {
  const { t } = useTranslation('privacy');
  const written = useWritten();
  const { at, who, organisation, department, patient, why, outcome, from, isEmergency, reason } = entry;
  return (
    <Table.Row>
      <Table.DataCell data-column={t('log-when')}>{written.when(at)}</Table.DataCell>
      <Table.DataCell data-column={t('log-by')}>
        {who.name}{' '}
        <span className="fyr-subtle fyr-small">
          {[who.profession, department?.name ?? organisation?.name].filter(Boolean).join(', ')}
        </span>
      </Table.DataCell>
      <Table.DataCell data-column={t('log-what')}>{doneWords(entry, written.list)}</Table.DataCell>
      <Table.DataCell data-column={t('log-patient')}>
        {patient !== undefined && <PatientMark patient={patient} />}
      </Table.DataCell>
      <Table.DataCell data-column={t('log-ground')}>
        {why.words}{' '}
        {isEmergency && (
          <Tag size="xsmall" data-color="danger">
            {t('ground-break-glass')}
          </Tag>
        )}
        {outcome !== 'allowed' && (
          <Tag size="xsmall" data-color="warning" title={reason}>
            {t(`outcome-${outcome}`)}
          </Tag>
        )}
      </Table.DataCell>
      <Table.DataCell data-column={t('log-from-where')} className="fyr-small">
        {from.address}
      </Table.DataCell>
    </Table.Row>
  );
}
