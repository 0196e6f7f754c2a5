/** For whom one acts, with the way to switch; and who acts for one. */
import { BodyLong, Button, Heading, Loader } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { RepresentationAnswer } from '#trust/control/contract.ts';
import { ageAt } from '../record/names.ts';
import { patientQuery } from '../record/queries.ts';
import { useActingFor } from '../session/acting-for.tsx';
import { useSignedIn } from '../session/queries.ts';
import { representationQuery } from '../session/representation.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Named } from '../ui/named.tsx';
import { TakeBack } from './take-back.tsx';

/** Loaded when it is opened: most who look here give none. */
const GivePower = lazy(() => import('./give-power.tsx'));

const ownDecision = 16;

export function Representation() {
  const { t } = useTranslation('control');
  const query = useQuery(representationQuery);
  const now = useActingFor();
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {t('acting')}
      </Heading>
      <Loaded query={query}>
        {({ represents, given }) => (
          <>
            <Represented represents={represents} />
            <Heading size="xsmall" level="3">
              {t('given')}
            </Heading>
            {given.length === 0 ? (
              <p className="fyr-plain fyr-subtle">{t('given-none')}</p>
            ) : (
              <ul className="fyr-plain fyr-rows">
                {given.map((one) => (
                  <TakeBack key={one.id} given={one} />
                ))}
              </ul>
            )}
            {now === undefined && <Give />}
          </>
        )}
      </Loaded>
    </section>
  );
}

/** From 16, for oneself: who is younger, or acts for another, gives none. */
function Give() {
  const { t } = useTranslation('control');
  const { data: person } = useQuery(patientQuery(useSignedIn()?.id ?? ''));
  const [isGiving, setIsGiving] = useState(false);
  const age = ageAt(person?.birthDate, new Date());
  if (age === undefined || age.years < ownDecision) return null;
  if (isGiving)
    return (
      <Suspense fallback={<Loader />}>
        <GivePower done={() => setIsGiving(false)} />
      </Suspense>
    );
  return (
    <div>
      <Button variant="secondary" onClick={() => setIsGiving(true)}>
        {t('power')}
      </Button>
    </div>
  );
}

function Represented({ represents }: Pick<RepresentationAnswer, 'represents'>) {
  const { t } = useTranslation('control');
  const now = useActingFor();
  if (represents.length === 0) return <BodyLong>{t('acting-none')}</BodyLong>;
  return (
    <>
      <BodyLong>{t('acting-more')}</BodyLong>
      <ul className="fyr-plain fyr-rows">
        {represents.map(({ patient, as, mayWrite }) => (
          <li key={patient} className="fyr-row fyr-row-middle fyr-row-apart">
            <span>
              <strong>
                <Named reference={`Patient/${patient}`} />
              </strong>{' '}
              <span className="fyr-subtle">
                {[t(`as-${as}`), mayWrite ? '' : t('read-only')].filter(Boolean).join(', ')}
              </span>
            </span>
            {patient === now ? (
              <Link to="/control">{t('back-to-own')}</Link>
            ) : (
              <Link to={`/control?for=${patient}`}>
                {t('switch-to')} <Named reference={`Patient/${patient}`} />
              </Link>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
