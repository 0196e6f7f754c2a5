/** To state why one needs the record: purpose and reason, which the patient can read. */
import { BodyLong, Button, Heading, Radio, RadioGroup, TextField, Textarea } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import type { Patient } from 'fhir/r4';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttestationAnswer } from '#trust/control/contract.ts';
import { useChange } from '../session/queries.ts';
import { useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';

const purposes = ['TREAT', 'ETREAT', 'COC'] as const;
export const reasonMin = 5;

export function Attest({ patient }: { patient: Patient }) {
  const { t } = useTranslation('chart');
  const reason = useDraft(`attest ${patient.id}`);
  const [purpose, setPurpose] = useState('');
  const [decision, setDecision] = useState('');
  const [wasTried, setWasTried] = useState(false);
  const change = useChange();
  const attesting = useMutation({
    mutationFn: (body: object) =>
      change<AttestationAnswer>('/api/control/attestations', { method: 'POST', body }, ['record']),
    onSuccess: () => reason.forget(),
  });
  const lacksReason = reason.text.trim().length < reasonMin;
  const attest = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (purpose === '' || lacksReason) return;
    const decisionReference = decision.trim();
    const stated = { patient: patient.id, purpose, reason: reason.text.trim() };
    attesting.mutate(decisionReference === '' ? stated : { ...stated, decisionReference });
  };
  return (
    <section className="fyr-card">
      <form onSubmit={attest} className="fyr-stack" noValidate>
        <Heading size="small" level="3">
          {t('attest')}
        </Heading>
        <BodyLong>{t('attest-more')}</BodyLong>
        <RadioGroup
          legend={t('purpose')}
          value={purpose}
          onChange={setPurpose}
          error={wasTried && purpose === '' ? t('purpose-lacks') : undefined}
        >
          {purposes.map((one) => (
            <Radio key={one} value={one}>
              {t(`purpose-${one}`)}
            </Radio>
          ))}
        </RadioGroup>
        <Textarea
          label={t('reason')}
          description={t('reason-hint')}
          value={reason.text}
          maxLength={1000}
          minRows={2}
          error={wasTried && lacksReason ? t('reason-lacks') : undefined}
          onChange={(event) => reason.write(event.target.value)}
        />
        <TextField
          label={t('decision')}
          description={t('decision-hint')}
          value={decision}
          maxLength={200}
          onChange={(event) => setDecision(event.target.value)}
        />
        <Problem error={attesting.error} />
        <div>
          <Button type="submit" loading={attesting.isPending}>
            {t('attest-do')}
          </Button>
        </div>
      </form>
    </section>
  );
}
