/** The parts of a sheet: medicines, vital signs, results, what is awaited, problems, plan, next of kin. */
import { ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import { Button, Table } from '@navikt/ds-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Medicine, PatientSheet, VitalRow } from '#continuity/packs/contract.ts';
import { useWritten } from '../text/written.ts';
import { dueWords } from './words.ts';

type SheetPartsProps = { sheet: PatientSheet; onGive: (request: string) => void };

export function SheetParts({ sheet, onGive }: SheetPartsProps) {
  const { t } = useTranslation('ward');
  const { problems, plan, kin, pending, orders, held, responsible, nurse } = sheet;
  const written = useWritten();
  const when = (at: number | undefined): string =>
    at === undefined ? '' : written.briefly(new Date(at).toISOString());
  return (
    <div className="fyr-ward-parts">
      <Medicines sheet={sheet} onGive={onGive} />
      <Vitals rows={sheet.vitals} />
      <Results sheet={sheet} />
      <Part name="awaited-orders" isEmpty={pending.length + orders.length === 0}>
        <ul className="fyr-plain fyr-rows">
          {pending.map(({ what, since }) => (
            <li key={`p ${what} ${since}`}>
              {what} <span className="fyr-subtle">{t('taken', { when: when(since) })}</span>
            </li>
          ))}
          {orders.map(({ what, since, by }) => (
            <li key={`o ${what} ${since}`}>
              {what} <span className="fyr-subtle">{[when(since), by].filter(Boolean).join(', ')}</span>
            </li>
          ))}
        </ul>
      </Part>
      <Part name="problems" isEmpty={problems.length === 0}>
        <ul className="fyr-plain fyr-rows">
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      </Part>
      <Part name="plan" isEmpty={plan.length === 0}>
        <ul className="fyr-plain fyr-rows">
          {plan.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </Part>
      <Part name="people" isEmpty={kin.length === 0 && responsible === '' && nurse === ''}>
        <ul className="fyr-plain fyr-rows">
          {responsible !== '' && <li>{t('responsible', { name: responsible })}</li>}
          {nurse !== '' && <li>{t('nurse', { name: nurse })}</li>}
          {kin.map(({ name, relation, phone }) => (
            <li key={name + phone}>{[name, relation, phone].filter(Boolean).join(', ')}</li>
          ))}
        </ul>
      </Part>
      {!held.isWhole && <p className="fyr-plain fyr-sign-critical">{t('not-whole')}</p>}
    </div>
  );
}

function Part({ name, isEmpty, children }: { name: string; isEmpty: boolean; children: ReactNode }) {
  const { t } = useTranslation('ward');
  return (
    <section className="fyr-card" aria-labelledby={name}>
      <h2 id={name}>{t(`part-${name}`)}</h2>
      {isEmpty ? <p className="fyr-plain fyr-subtle">{t('not-recorded')}</p> : children}
    </section>
  );
}

function Medicines({ sheet: { medicines, infusions }, onGive }: SheetPartsProps) {
  const { t } = useTranslation('ward');
  const all = [...medicines, ...infusions];
  return (
    <Part name="medicines" isEmpty={all.length === 0}>
      <Table size="small" className="fyr-folding" aria-labelledby="medicines">
        <Table.Header>
          <Table.Row>
            {['medicine', 'next-dose', 'last-dose', 'give'].map((column) => (
              <Table.HeaderCell key={column} scope="col">
                {t(column)}
              </Table.HeaderCell>
            ))}
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {all.map((medicine) => (
            <MedicineRow key={medicine.request} medicine={medicine} onGive={onGive} />
          ))}
        </Table.Body>
      </Table>
    </Part>
  );
}

function MedicineRow({ medicine, onGive }: { medicine: Medicine; onGive: (request: string) => void }) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const { request, name, dose, route, words, last, missed } = medicine;
  return (
    <Table.Row>
      <Table.HeaderCell scope="row">
        {name} <span className="fyr-ward-plain">{[dose, route].filter(Boolean).join(', ') || words}</span>
      </Table.HeaderCell>
      <Table.DataCell data-column={t('next-dose')}>
        <span className={missed === undefined ? '' : 'fyr-ward-missed fyr-sign'}>
          {missed !== undefined && <ExclamationmarkTriangleIcon aria-hidden fontSize="1.125rem" />}
          {dueWords(medicine, written, t)}
        </span>
      </Table.DataCell>
      <Table.DataCell data-column={t('last-dose')}>
        {last === undefined
          ? t('never-given')
          : `${written.briefly(new Date(last.at).toISOString())} ${last.isGiven ? last.dose : t('was-not-given')}`}
      </Table.DataCell>
      <Table.DataCell>
        <Button size="small" variant="tertiary" onClick={() => onGive(request)}>
          {t('give')}
          <span className="fyr-unseen"> {name}</span>
        </Button>
      </Table.DataCell>
    </Table.Row>
  );
}

function Vitals({ rows }: { rows: readonly VitalRow[] }) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  return (
    <Part name="vitals" isEmpty={rows.length === 0}>
      <div className="fyr-scroll" tabIndex={0} role="group" aria-label={t('vitals-table')}>
        <Table size="small">
          <Table.Header>
            <Table.Row>
              <Table.HeaderCell scope="col">{t('when')}</Table.HeaderCell>
              {names.map((name) => (
                <Table.HeaderCell key={name} scope="col">
                  {name}
                </Table.HeaderCell>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {rows.map(({ at, values }) => (
              <Table.Row key={at}>
                <Table.HeaderCell scope="row" className="fyr-number">
                  {written.briefly(new Date(at).toISOString())}
                </Table.HeaderCell>
                {names.map((name) => (
                  <Table.DataCell key={name} className="fyr-number">
                    {values[name] ?? '–'}
                  </Table.DataCell>
                ))}
              </Table.Row>
            ))}
          </Table.Body>
        </Table>
      </div>
    </Part>
  );
}

function Results({ sheet: { results } }: { sheet: PatientSheet }) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  return (
    <Part name="results" isEmpty={results.length === 0}>
      <ul className="fyr-plain fyr-rows">
        {results.map(({ name, value, unit, range, flag, at, before }) => (
          <li key={`${name} ${at}`} className="fyr-row fyr-row-apart">
            <span>
              {name}{' '}
              <strong className={`fyr-number fyr-flag-${flag || 'none'}`}>
                {value} {unit}
              </strong>{' '}
              {flag !== '' && <span className={`fyr-flag-${flag}`}>{t(`flag-${flag}`)}</span>}
            </span>
            <span className="fyr-subtle fyr-small">
              {[
                range && t('range', { range }),
                written.briefly(new Date(at).toISOString()),
                before && t('before', { value: before.value }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}
