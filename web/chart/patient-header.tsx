/** Who the patient is and what is dangerous, on every page of the chart, always in view. */
import { ExclamationmarkTriangleFillIcon } from '@navikt/aksel-icons';
import { Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import type { AllergyIntolerance, Consent, Encounter, Flag, Patient } from 'fhir/r4';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isIsolation, isLimit, isLimitConsent, limitText } from '#shared/limits.ts';
import { listedNameOf, personNumberOf } from '../record/names.ts';
import { placeOf } from '../record/places.ts';
import { staysQuery } from '../record/queries.ts';
import { useWho } from '../record/use-age.ts';
import { codeOf, isStanding, saysNone, wordsOf } from '../record/words.ts';
import { useWritten } from '../text/written.ts';
import { lineQuery } from '../ui/line-band.tsx';
import { Custody } from './custody.tsx';
import { allergiesQuery, consentsQuery, criticalQuery } from './queries.ts';

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
          {!isClosed && <Choices patient={id} />}
          <AgeOfData />
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
    <>
      <p className="fyr-plain fyr-patient-stay">
        {[
          placeOf(stay),
          t('admitted', { when: written.when(stay.period?.start) }),
          responsible === undefined ? '' : t('responsible', { name: responsible }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {stay.id !== undefined && <Custody encounter={stay.id} />}
    </>
  );
}

function attendingOf({ participant }: Encounter): string | undefined {
  const found = participant?.find(({ type }) =>
    type?.some(({ coding }) => coding?.some(({ code }) => code === 'ATND')),
  );
  return found?.individual?.display;
}

/** What the patient has decided about the record, in a line. */
function Choices({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  const { data } = useQuery(consentsQuery(patient));
  const blocks = (data?.resources ?? []).filter(isBlock);
  const documents = blocks.filter(({ provision }) => provision?.data !== undefined).length;
  if (blocks.length === 0) return null;
  return (
    <p className="fyr-plain fyr-patient-stay">
      {documents < blocks.length && t('has-blocked')} {documents > 0 && t('documents-blocked', { count: documents })}
    </p>
  );
}

function isBlock({ status, scope, provision }: Consent): boolean {
  return status === 'active' && codeOf(scope) === 'patient-privacy' && provision?.type === 'deny';
}

/** While the line is down, how old what came from outside can be: in view however far one has scrolled. */
function AgeOfData() {
  const { t } = useTranslation('chart');
  const written = useWritten();
  const { data: line } = useQuery(lineQuery);
  if (!line?.isCutOff || line.dataAgeMs === undefined) return null;
  const at = new Date(Date.now() - line.dataAgeMs).toISOString();
  return <p className="fyr-plain fyr-patient-stay fyr-older">{t('heard-last', { when: written.when(at) })}</p>;
}

/** Allergies and critical information; that there are none, or that nobody has said, is said. */
function Dangers({ patient }: { patient: string }) {
  const { t } = useTranslation('chart');
  const allergies = useQuery(allergiesQuery(patient));
  const critical = useQuery(criticalQuery(patient));
  const consents = useQuery(consentsQuery(patient));
  if (allergies.isPending || critical.isPending) return <p className="fyr-plain fyr-subtle">{t('dangers-loading')}</p>;
  const standing = allergies.data?.resources.filter(isStanding) ?? [];
  const dangerous = standing.filter((one) => !saysNone(one));
  const flags = (critical.data?.resources ?? []).filter(({ status }) => status === 'active').sort(limitsFirst);
  const limits = (consents.data?.resources ?? []).filter(isLimitConsent);
  return (
    <div className="fyr-dangers" role="group" aria-label={t('dangers')}>
      {(allergies.error ?? critical.error) && <Tag data-color="warning">{t('dangers-not-loaded')}</Tag>}
      {dangerous.map((one) => (
        <Allergy key={one.id} allergy={one} />
      ))}
      {limits.map((one) => (
        <Tag key={one.id} size="small" variant="strong" data-color="neutral">
          {limitText(one)}
        </Tag>
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

/** Limits of treatment are what one has to know first when it goes fast. */
function limitsFirst(a: Flag, b: Flag): number {
  return Number(isLimit(b)) - Number(isLimit(a));
}

function Critical({ flag }: { flag: Flag }) {
  const written = useWritten();
  if (isLimit(flag))
    return (
      <Tag size="small" variant="strong" data-color="neutral">
        {[wordsOf(flag.code), [written.briefly(flag.period?.start), flag.author?.display].filter(Boolean).join(', ')]
          .filter(Boolean)
          .join(' · ')}
      </Tag>
    );
  if (isIsolation(flag))
    return (
      <Tag size="small" variant="moderate" data-color="warning" icon={<Sign />}>
        {wordsOf(flag.code)}
      </Tag>
    );
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
