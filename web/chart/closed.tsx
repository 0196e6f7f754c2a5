/** A record that is closed for one: why, in the server's words, and what one can do. */
import { BodyLong, Heading, InlineMessage } from '@navikt/ds-react';
import type { Patient } from 'fhir/r4';
import { useTranslation } from 'react-i18next';
import type { Refusal } from '../session/ask.ts';
import { Attest } from './attest.tsx';
import { BreakGlass } from './break-glass.tsx';

/** Where stating a need, or breaking the glass, changes nothing. */
const final: readonly string[] = ['blocked', 'no-authorisation', 'no-role', 'duty', 'security-level'];
/** What only an emergency opens. */
const emergencyOnly: readonly string[] = ['restricted', 'no-grounds'];

export function Closed({ patient, refusal }: { patient: Patient; refusal: Refusal }) {
  const { t } = useTranslation('chart');
  const reason = refusal.reason ?? '';
  return (
    <div className="fyr-narrow fyr-stack">
      <section className="fyr-card fyr-stack">
        <Heading size="medium" level="2">
          {t('closed')}
        </Heading>
        <InlineMessage status="warning">{refusal.message}</InlineMessage>
        {final.includes(reason) && <BodyLong>{t('closed-final')}</BodyLong>}
      </section>
      {!final.includes(reason) && !emergencyOnly.includes(reason) && <Attest patient={patient} />}
      {!final.includes(reason) && <BreakGlass patient={patient} />}
    </div>
  );
}
