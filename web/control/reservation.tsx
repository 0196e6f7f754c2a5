/** Whether there is to be a summary record at all. */
import { BodyLong, Button, Heading } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../session/queries.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { consentsQuery, isReservation } from './queries.ts';

type ReservationProps = { patient: string; actingFor: string | undefined };

export function Reservation({ patient, actingFor }: ReservationProps) {
  const { t } = useTranslation('control');
  const query = useQuery(consentsQuery(patient));
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="2">
        {t('summary')}
      </Heading>
      <BodyLong>{t('summary-more')}</BodyLong>
      <Loaded query={query}>
        {({ resources }) => <Choice isReserved={resources.some(isReservation)} actingFor={actingFor} />}
      </Loaded>
    </section>
  );
}

function Choice({ isReserved, actingFor }: { isReserved: boolean; actingFor: string | undefined }) {
  const { t } = useTranslation('control');
  const [isAsking, setIsAsking] = useState(false);
  const change = useChange();
  const choosing = useMutation({
    mutationFn: () =>
      change(
        '/api/control/reservation',
        {
          method: 'PUT',
          body: { ...(actingFor === undefined ? {} : { patient: actingFor }), isReserved: !isReserved },
        },
        ['control', 'record'],
      ),
    onSuccess: () => setIsAsking(false),
  });
  return (
    <>
      <p className="fyr-plain" role="status">
        <strong>{t(isReserved ? 'summary-reserved' : 'summary-there')}</strong>
      </p>
      <div>
        <Button variant="secondary" onClick={() => setIsAsking(true)}>
          {t(isReserved ? 'summary-want' : 'summary-reserve')}
        </Button>
      </div>
      {isAsking && (
        <Confirm
          title={t(isReserved ? 'summary-want' : 'summary-reserve')}
          follows={t(isReserved ? 'summary-want-follows' : 'summary-reserve-follows')}
          action={t(isReserved ? 'summary-want' : 'summary-reserve')}
          isPending={choosing.isPending}
          onConfirm={() => choosing.mutate()}
          onCancel={() => setIsAsking(false)}
        >
          <Problem error={choosing.error} />
        </Confirm>
      )}
    </>
  );
}
