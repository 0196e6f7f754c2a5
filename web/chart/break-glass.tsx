/** To break the glass, in two steps: first what follows, then the reason. */
import { BodyLong, Button, Heading, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import type { Patient } from 'fhir/r4';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttestationAnswer } from '#trust/control/contract.ts';
import { nameOf } from '../record/names.ts';
import { useChange } from '../session/queries.ts';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';
import { reasonMin } from './attest.tsx';

export function BreakGlass({ patient }: { patient: Patient }) {
  const { t } = useTranslation('chart');
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section className="fyr-card fyr-stack">
      <Heading size="small" level="3">
        {t('glass')}
      </Heading>
      <BodyLong>{t('glass-more')}</BodyLong>
      {isOpen ? (
        <SecondStep patient={patient} giveUp={() => setIsOpen(false)} />
      ) : (
        <div>
          <Button variant="secondary" data-color="danger" onClick={() => setIsOpen(true)}>
            {t('glass-first')}
          </Button>
        </div>
      )}
    </section>
  );
}

function SecondStep({ patient, giveUp }: { patient: Patient; giveUp: () => void }) {
  const { t } = useTranslation('chart');
  const { t: ui } = useTranslation('ui');
  const reason = useDraft(`glass ${patient.id}`);
  const [wasTried, setWasTried] = useState(false);
  const change = useChange();
  const breaking = useMutation({
    mutationFn: (body: object) =>
      change<AttestationAnswer>('/api/control/break-glass', { method: 'POST', body }, ['record']),
    onSuccess: () => reason.forget(),
  });
  const lacksReason = reason.text.trim().length < reasonMin;
  const breakIt = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (!lacksReason) breaking.mutate({ patient: patient.id, reason: reason.text.trim() });
  };
  return (
    <form onSubmit={breakIt} className="fyr-stack" noValidate>
      <ul className="fyr-follows">
        <li>{t('glass-follows-open')}</li>
        <li>{t('glass-follows-patient')}</li>
        <li>{t('glass-follows-officer')}</li>
      </ul>
      <Textarea
        label={t('glass-reason')}
        description={t('reason-hint')}
        value={reason.text}
        maxLength={1000}
        minRows={2}
        autoFocus
        error={wasTried && lacksReason ? t('reason-lacks') : undefined}
        onChange={(event) => reason.write(event.target.value)}
      />
      <Problem error={breaking.error} />
      <div className="fyr-row">
        <Button type="submit" data-color="danger" loading={breaking.isPending}>
          {t('glass-do', { name: nameOf(patient.name) })}
        </Button>
        <Button type="button" variant="tertiary" onClick={giveUp}>
          {ui('cancel')}
        </Button>
      </div>
    </form>
  );
}
