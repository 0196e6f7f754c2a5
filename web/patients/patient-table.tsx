/** Patients as rows: who, so that two of the same name are not mixed up, and what the list is about. */
import { Table } from '@navikt/ds-react';
import type { Patient } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { listedNameOf, personNumberOf } from '../record/names.ts';
import { useWho } from '../record/use-age.ts';

type Row = { patient: Patient; cells?: string[] };
type PatientTableProps = { label: string; rows: Row[]; columns?: string[] };

export function PatientTable({ label, rows, columns = [] }: PatientTableProps) {
  const { t } = useTranslation('patients');
  const who = useWho();
  const shown = [...columns, t('name'), t('who'), t('number'), ...(columns.length === 0 ? [t('home')] : [])];
  return (
    <div className="fyr-scroll" tabIndex={-1}>
      <Table size="small" aria-label={label} className="fyr-folding">
        <Table.Header>
          <Table.Row>
            {shown.map((column) => (
              <Table.HeaderCell key={column} scope="col">
                {column}
              </Table.HeaderCell>
            ))}
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {rows.map(({ patient, cells = [] }, at) => (
            <Table.Row key={`${patient.id} ${at}`}>
              {cells.map((cell, column) => (
                <Table.DataCell key={columns[column]} data-column={columns[column]}>
                  {cell}
                </Table.DataCell>
              ))}
              <Table.HeaderCell scope="row" data-column={t('name')}>
                <Link to={`/patients/${patient.id}`}>{listedNameOf(patient.name)}</Link>
              </Table.HeaderCell>
              <Table.DataCell data-column={t('who')}>{who(patient)}</Table.DataCell>
              <Table.DataCell data-column={t('number')} className="fyr-number">
                {personNumberOf(patient.identifier)}
              </Table.DataCell>
              {columns.length === 0 && (
                <Table.DataCell data-column={t('home')}>{patient.address?.[0]?.city ?? ''}</Table.DataCell>
              )}
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}
