/** Who the patient is and what is dangerous, on every page of the chart, always in view. */
import { ExclamationmarkTriangleFillIcon } from '@navikt/aksel-icons';
import { Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { AllergyIntolerance, Encounter, Flag, Patient } from 'fhir/r4';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { listedNameOf, personNumberOf } from '../record/names.ts';
import { placeOf } from '../record/places.ts';
import { useWho } from '../record/use-age.ts';
import { isStanding, saysNone, wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { allergiesQuery, criticalQuery, staysQuery } from './queries.ts';

type PatientHeaderProps = { patient: Patient; isClosed: boolean; children: ReactNode };

export function PatientHeader({ patient, isClosed, children }: PatientHeaderProps) {
  const who = useWho();
  const id = patient.id ?? '';
  return (
    <div className="fyr-patient">
      <div className="fyr-patient-inner">
        <div className="fyr-patient-who">
          <h1>{listedNameOf(patient.name)}</h1>
          <p className="fyr-plain">
            {who(patient)} · <span className="fyr-number">{personNumberOf(patient.identifier)}</span>
          </p>
          {!isClosed && <Stay patient={id} />}
        </div>
        {!isClosed && <Dangers patient={id} />}
      </div>
      {children}
    </div>
  );
}

function Stay({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  const written = useWritten();
  const { data } = useQuery(staysQuery(patient));
  const stay = data?.resources.find((encounter) => encounter.class.code === 'IMP') ?? data?.resources[0];
  if (stay === undefined) return null;
  const responsible = attendingOf(stay);
  return (
    <p className="fyr-plain fyr-patient-stay">
      {[
        placeOf(stay),
        t('admitted', { when: written.when(stay.period?.start) }),
        responsible === undefined ? '' : t('responsible', { name: responsible }),
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

function attendingOf({ participant }: Encounter): string | undefined {
  const found = participant?.find(({ type }) =>
    type?.some(({ coding }) => coding?.some(({ code }) => code === 'ATND')),
  );
  return found?.individual?.display;
}

/** Allergies and critical information; that there are none, or that nobody has said, is said. */
function Dangers({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  const allergies = useQuery(allergiesQuery(patient));
  const critical = useQuery(criticalQuery(patient));
  if (allergies.isPending || critical.isPending) return <p className="fyr-plain fyr-subtle">{t('dangers-loading')}</p>;
  const standing = allergies.data?.resources.filter(isStanding) ?? [];
  const dangerous = standing.filter((one) => !saysNone(one));
  const flags = (critical.data?.resources ?? []).filter(({ status }) => status === 'active');
  return (
    <div className="fyr-dangers" role="group" aria-label={t('dangers')}>
      {(allergies.error ?? critical.error) && <Tag data-color="warning">{t('dangers-not-loaded')}</Tag>}
      {dangerous.map((one) => (
        <Allergy key={one.id} allergy={one} />
      ))}
      {flags.map((flag) => (
        <Critical key={flag.id} flag={flag} />
      ))}
      {allergies.data && dangerous.length === 0 && (
        <span className="fyr-subtle">{t(standing.some(saysNone) ? 'allergies-none' : 'allergies-not-recorded')}</span>
      )}
    </div>
  );
}

function Allergy({ allergy }: { allergy: AllergyIntolerance }) {
  const reaction = wordsOf(allergy.reaction?.[0]?.manifestation[0]);
  const isHigh = allergy.criticality === 'high';
  return (
    <Tag
      size="small"
      variant={isHigh ? 'strong' : 'moderate'}
      data-color={isHigh ? 'danger' : 'warning'}
      icon={<Sign />}
    >
      {[wordsOf(allergy.code), reaction].filter(Boolean).join(': ')}
    </Tag>
  );
}

function Critical({ flag }: { flag: Flag }) {
  return (
    <Tag size="small" variant="moderate" data-color="danger" icon={<Sign />}>
      {wordsOf(flag.code)}
    </Tag>
  );
}

function Sign() {
  const { t } = useTranslation('chart');
  return <ExclamationmarkTriangleFillIcon title={t('danger')} />;
}
