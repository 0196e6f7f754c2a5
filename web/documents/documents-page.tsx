/** Documents and notes: the list beside the one that is read. Which, and what is looked for, stands in the address. */
import { BodyLong, Select, Tag, TextField } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { DocumentReference } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Link, NavLink, useLocation, useParams, useSearchParams, type LoaderFunctionArgs } from 'react-router';
import { Card } from '../record/card.tsx';
import { documentTitle } from '../record/directory.ts';
import { resourceQuery } from '../record/queries.ts';
import { queriesContext } from '../session/context.ts';
import { useWritten } from '../text/written.ts';
import { useAddress } from '../ui/use-address.ts';
import './documents.css';
import { found, kindOf } from './found.ts';
import { documentsQuery } from './queries.ts';
import { Reader } from './reader.tsx';

export async function loader({ params, context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchQuery(documentsQuery(params['patient'] as string));
  return null;
}

export function Component() {
  const { t } = useTranslation('documents');
  const { patient = '', document: id } = useParams();
  const { data } = useQuery(documentsQuery(patient));
  const [address] = useSearchParams();
  const { state } = useLocation() as { state: { passage?: string } | null };
  const listed = data?.resources.find((one) => one.id === id);
  // A search finds what is older than the list reaches.
  const apart = useQuery({
    ...resourceQuery(patient, 'DocumentReference', id ?? ''),
    enabled: id !== undefined && data !== undefined && listed === undefined,
  });
  const read = listed ?? (apart.data as DocumentReference | undefined);
  return (
    <div className={id === undefined ? 'fyr-documents' : 'fyr-documents fyr-documents-reading'}>
      <div className="fyr-documents-list">
        <Card title={t('documents')} area="documents" query={documentsQuery(patient)} empty={t('none')}>
          {(all) => (all.length === 0 ? undefined : <List patient={patient} documents={all} />)}
        </Card>
      </div>
      <div className="fyr-documents-read">
        {id === undefined ? (
          <BodyLong className="fyr-subtle">{t('choose')}</BodyLong>
        ) : read ? (
          <Reader
            key={id}
            patient={patient}
            document={read}
            sought={{ typed: address.get('words') ?? '', hits: address.getAll('hit') }}
            passage={state?.passage}
          />
        ) : (
          data && !apart.isLoading && <BodyLong>{t('not-here')}</BodyLong>
        )}
      </div>
    </div>
  );
}

function List({ patient, documents }: { patient: string; documents: readonly DocumentReference[] }) {
  const { t } = useTranslation('documents');
  const [address, change] = useAddress();
  const [typed, kind] = [address.get('words') ?? '', address.get('kind') ?? ''];
  const kinds = [...new Set(documents.map(kindOf))].filter(Boolean).sort((a, b) => a.localeCompare(b, 'nb'));
  const shown = found(documents, typed, kind);
  const say = (name: string, value: string): void =>
    change((next) => (value === '' ? next.delete(name) : next.set(name, value)));
  return (
    <div className="fyr-stack">
      <div className="fyr-row">
        <TextField size="small" label={t('find')} value={typed} onChange={({ target }) => say('words', target.value)} />
        <Select size="small" label={t('kind')} value={kind} onChange={({ target }) => say('kind', target.value)}>
          <option value="">{t('all-kinds')}</option>
          {kinds.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
      </div>
      <p className="fyr-plain">
        <Link to={`/patients/${patient}/write/note`}>{t('write-note')}</Link>
        {' · '}
        <Link to={`/patients/${patient}/documents/upload`}>{t('upload')}</Link>
      </p>
      <p className="fyr-plain fyr-subtle fyr-small" role="status">
        {t('found', { count: shown.length })}
      </p>
      <ul className="fyr-plain fyr-rows">
        {shown.map((one) => (
          <li key={one.id}>
            <Entry patient={patient} document={one} search={address.toString()} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Entry({ patient, document, search }: { patient: string; document: DocumentReference; search: string }) {
  const { t } = useTranslation('documents');
  const written = useWritten();
  return (
    <NavLink to={{ pathname: `/patients/${patient}/documents/${document.id}`, search }} className="fyr-document">
      {documentTitle(document)}{' '}
      {document.docStatus === 'preliminary' && (
        <Tag size="xsmall" data-color="warning">
          {t('unsigned')}
        </Tag>
      )}
      <span className="fyr-subtle fyr-small">
        {[written.date(document.date?.slice(0, 10)), document.author?.[0]?.display, document.custodian?.display]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </NavLink>
  );
}
