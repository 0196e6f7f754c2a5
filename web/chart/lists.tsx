/** Allergies and critical information, problems, medicines: who said it, and since when. */
import { Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { AllergyIntolerance, Condition, MedicationStatement } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import { Card } from '../record/card.tsx';
import { Row, rowsOrNone } from '../record/rows.tsx';
import { codeOf, isStanding, namedBy, saysNone, wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { allergiesQuery, criticalQuery, medicinesQuery, problemsQuery } from './queries.ts';

export function Allergies({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  const written = useWritten();
  const critical = useQuery(criticalQuery(patient));
  const flags = (critical.data?.resources ?? []).filter(({ status }) => status === 'active');
  return (
    <Card title={t('allergies')} area="allergies" query={allergiesQuery(patient)} empty={t('allergies-not-recorded')}>
      {(all) => {
        const standing = all.filter(isStanding);
        if (standing.length + flags.length === 0) return undefined;
        return (
          <>
            {rowsOrNone(flags, ({ id, code, period, author }) => (
              <Row
                from={[t('critical'), written.date(period?.start), namedBy(author)]}
                change={{ to: `write/critical?id=${id}`, what: wordsOf(code) }}
              >
                <strong>{wordsOf(code)}</strong>
              </Row>
            ))}
            {rowsOrNone(standing, (one) => (
              <AllergyRow allergy={one} />
            ))}
            {standing.length === 0 && <p className="fyr-subtle">{t('allergies-not-recorded')}</p>}
          </>
        );
      }}
    </Card>
  );
}

function AllergyRow({ allergy }: { allergy: AllergyIntolerance }) {
  const { t } = useTranslation('chart');
  const written = useWritten();
  const { code, criticality, reaction, recordedDate, recorder, verificationStatus } = allergy;
  const reactions = (reaction ?? []).flatMap(({ manifestation }) => manifestation.map(wordsOf));
  const certainty = codeOf(verificationStatus);
  return (
    <Row
      from={[
        certainty === undefined ? undefined : t(`certainty-${certainty}`),
        written.date(recordedDate),
        namedBy(recorder),
      ]}
      {...(saysNone(allergy) ? {} : { change: { to: `write/allergy?id=${allergy.id}`, what: wordsOf(code) } })}
    >
      <strong>{saysNone(allergy) ? t('allergies-none') : wordsOf(code)}</strong>
      {reactions.length > 0 && ` – ${written.list(reactions)}`}{' '}
      {criticality === 'high' && (
        <Tag size="xsmall" data-color="danger">
          {t('severe')}
        </Tag>
      )}
    </Row>
  );
}

export function Problems({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  return (
    <Card title={t('problems')} area="problems" query={problemsQuery(patient)}>
      {(all) => rowsOrNone(all.filter(isStanding).sort(newestFirst), (one) => <ProblemRow problem={one} />)}
    </Card>
  );
}

function newestFirst(a: Condition, b: Condition): number {
  return (b.onsetDateTime ?? b.recordedDate ?? '').localeCompare(a.onsetDateTime ?? a.recordedDate ?? '');
}

function ProblemRow({ problem: { id, code, onsetDateTime, recordedDate, recorder } }: { problem: Condition }) {
  const { t } = useTranslation('chart');
  const written = useWritten();
  const since = (onsetDateTime ?? recordedDate ?? '').slice(0, 7);
  return (
    <Row
      from={[since === '' ? undefined : t('since', { date: written.date(since) }), namedBy(recorder)]}
      change={{ to: `write/condition?id=${id}`, what: wordsOf(code) }}
    >
      {wordsOf(code)} <span className="fyr-subtle fyr-small">{codeOf(code)}</span>
    </Row>
  );
}

export function Medicines({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  return (
    <Card title={t('medicines')} area="medicines" query={medicinesQuery(patient)}>
      {(all) => rowsOrNone([...all].sort(byName), (one) => <MedicineRow medicine={one} />)}
    </Card>
  );
}

function medicineName({ medicationReference, medicationCodeableConcept }: MedicationStatement): string {
  return medicationReference?.display ?? wordsOf(medicationCodeableConcept);
}

function byName(a: MedicationStatement, b: MedicationStatement): number {
  return medicineName(a).localeCompare(medicineName(b), 'nb');
}

function MedicineRow({ medicine }: { medicine: MedicationStatement }) {
  const { t } = useTranslation('chart');
  const written = useWritten();
  const { dosage, effectivePeriod, informationSource } = medicine;
  const since = effectivePeriod?.start?.slice(0, 7);
  return (
    <Row
      from={[since === undefined ? undefined : t('since', { date: written.date(since) }), namedBy(informationSource)]}
    >
      <strong>{medicineName(medicine)}</strong>
      {dosage?.[0]?.text !== undefined && ` – ${dosage[0].text}`}
    </Row>
  );
}
