/** The ward by bed: who is worst, what is next, what is awaited, what must not be missed. */
import { ExclamationmarkTriangleIcon } from '@navikt/aksel-icons';
import { Button, Heading, Table, ToggleGroup } from '@navikt/ds-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import type { PatientSheet } from '#continuity/packs/contract.ts';
import type { WardAnswer } from '#continuity/ward-browser/contract.ts';
import { useWritten } from '../text/written.ts';
import { isOpen } from './captured.ts';
import { KeptHere } from './kept-here.tsx';
import { useKeeper } from './keeper-context.ts';
import { ScoreMark } from './score.tsx';
import { dueWords, knownWords, nextOf } from './words.ts';

export function WardPage() {
  const { t } = useTranslation('ward');
  const { ward: id = '' } = useParams();
  const { keeper, state } = useKeeper();
  const { contact, phase } = state;
  useEffect(() => void keeper.open(id), [keeper, id, contact, phase]);
  const ward = state.ward?.ward === id ? state.ward : undefined;
  if (ward === undefined)
    return (
      <>
        <Heading size="large" level="1">
          {t('ward')}
        </Heading>
        <p>{t(contact === 'gone' ? 'ward-not-kept' : 'ward-coming')}</p>
      </>
    );
  return <Shown ward={ward} />;
}

const risks = ['low', 'lowMedium', 'medium', 'high'];
const worst = ({ score }: PatientSheet): number =>
  score === undefined ? -1 : score.sum + risks.indexOf(score.risk) * 100;

function Shown({ ward }: { ward: WardAnswer }) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const [address, setAddress] = useSearchParams();
  const isByWorst = address.get('by') === 'worst';
  const { keeper, state } = useKeeper();
  const [isAsking, setIsAsking] = useState(false);
  const { name, patients, expected, closedBeds, at } = ward;
  const shown = isByWorst ? patients.toSorted((a, b) => worst(b) - worst(a)) : patients;
  const refresh = (): void => {
    setIsAsking(true);
    void keeper.refresh().finally(() => setIsAsking(false));
  };
  return (
    <>
      <title>{name}</title>
      <div className="fyr-row fyr-row-apart fyr-row-middle">
        <div>
          <Heading size="large" level="1">
            {name}
          </Heading>
          <p className="fyr-plain">
            {t('count', { count: patients.length })} · {t('expected-count', { count: expected.length })} ·{' '}
            {t('as-of', { when: written.when(new Date(at).toISOString()) })}
          </p>
        </div>
        <div className="fyr-row fyr-row-middle">
          <ToggleGroup
            size="small"
            value={isByWorst ? 'worst' : 'bed'}
            onChange={(by) => setAddress(by === 'worst' ? { by } : {}, { replace: true })}
            aria-label={t('order')}
          >
            <ToggleGroup.Item value="bed">{t('by-bed')}</ToggleGroup.Item>
            <ToggleGroup.Item value="worst">{t('by-worst')}</ToggleGroup.Item>
          </ToggleGroup>
          {state.contact === 'node' && (
            <Button size="small" variant="secondary" loading={isAsking} onClick={refresh}>
              {t('refresh')}
            </Button>
          )}
        </div>
      </div>
      <div className="fyr-card">
        <Table size="small" className="fyr-folding" aria-label={t('ward-list')}>
          <Table.Header>
            <Table.Row>
              {['bed', 'patient', 'news', 'next-dose', 'awaited', 'remark'].map((column) => (
                <Table.HeaderCell key={column} scope="col">
                  {t(column)}
                </Table.HeaderCell>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {shown.map((sheet) => (
              <Row key={sheet.patient} sheet={sheet} ward={ward.ward} />
            ))}
          </Table.Body>
        </Table>
        {closedBeds.length > 0 && (
          <p className="fyr-subtle">{t('closed-beds', { count: closedBeds.length, beds: written.list(closedBeds) })}</p>
        )}
      </div>
      <Coming expected={expected} />
      <KeptHere />
    </>
  );
}

function Row({ sheet, ward }: { sheet: PatientSheet; ward: string }) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const { state } = useKeeper();
  const { patient, name, age, bed, score, medicines, pending, isolation, limits, isBlocked } = sheet;
  const own = state.captures.filter((one) => isOpen(one) && one.entry.patient === patient).length;
  const [next] = medicines.filter((one) => nextOf(one) !== undefined);
  const remarks = [isolation, limits].map((known) => knownWords(known, ({ text }) => text, t));
  return (
    <Table.Row>
      <Table.DataCell data-column={t('bed')}>{bed}</Table.DataCell>
      <Table.HeaderCell scope="row">
        <Link to={`/${ward}/${patient}`}>{name}</Link> <span className="fyr-ward-age-of">{age}</span>
        {own > 0 && <span className="fyr-ward-own"> {t('own-count', { count: own })}</span>}
      </Table.HeaderCell>
      <Table.DataCell data-column={t('news')}>
        <ScoreMark score={score} />
      </Table.DataCell>
      <Table.DataCell data-column={t('next-dose')}>
        {next === undefined ? (
          <span className="fyr-subtle">{t('none-due')}</span>
        ) : (
          <>
            <span className={next.missed === undefined ? '' : 'fyr-ward-missed fyr-sign'}>
              {next.missed !== undefined && <ExclamationmarkTriangleIcon aria-hidden fontSize="1.125rem" />}
              {dueWords(next, written, t)}
            </span>{' '}
            <span className="fyr-subtle">{next.name}</span>
          </>
        )}
      </Table.DataCell>
      <Table.DataCell data-column={t('awaited')}>{pending.length === 0 ? '–' : pending.length}</Table.DataCell>
      <Table.DataCell data-column={t('remark')} className="fyr-small">
        {isBlocked ? t('blocked') : remarks.filter((words) => words !== t('not-recorded')).join(' · ') || '–'}
      </Table.DataCell>
    </Table.Row>
  );
}

function Coming({ expected }: Pick<WardAnswer, 'expected'>) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  if (expected.length === 0) return null;
  return (
    <section className="fyr-card" aria-labelledby="expected">
      <h2 id="expected">{t('expected')}</h2>
      <ul className="fyr-plain fyr-rows">
        {expected.map(({ patient, name, age, bed, at, reason, allergies }) => (
          <li key={patient}>
            <strong>{name}</strong> {age} · {written.when(new Date(at).toISOString())} · {bed} · {reason}
            <br />
            <span className="fyr-subtle">
              {t('allergies')}: {knownWords(allergies, ({ what }) => what, t)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
