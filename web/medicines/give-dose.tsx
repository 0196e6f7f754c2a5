/** The second step: who gets what and when, or why not; said before it is written. */
import { doseSlotOf, doseSlotUrl, emergencyTag } from '#shared/dose-slot.ts';
import { Button, Heading, InlineMessage, Select, TextField } from '@navikt/ds-react';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import type { MedicationAdministration } from 'fhir/r4';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAuthor, useRecordChange } from '../record/change.ts';
import { nameOf } from '../record/names.ts';
import { patientQuery } from '../record/queries.ts';
import { Refusal } from '../session/ask.ts';
import { instantOf, typedOf } from '../text/typed-time.ts';
import { useWritten } from '../text/written.ts';
import { useDraftOf } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';
import { TimeField } from '../ui/time-field.tsx';
import type { Ordered } from '../record/ordered.ts';

/** Another dose so soon after the last is asked about. */
const soonMs = 60 * 60_000;
const reasons = ['refused', 'away', 'vomiting', 'fasting', 'condition', 'lacking', 'other'] as const;

type GiveDoseProps = { ordered: Ordered; patient: string; isGiven: boolean; done: () => void };
type Typed = { at: string; amount: string; reason: string; remark: string };

/** The dose as the order has it, to begin with. */
function useDose({ ordered, patient, isGiven, done }: GiveDoseProps) {
  const { t } = useTranslation('medicines');
  const written = useWritten();
  const quantity = ordered.request.dosageInstruction?.[0]?.doseAndRate?.[0]?.doseQuantity;
  const unit = quantity?.unit ?? quantity?.code ?? '';
  const draft = useDraftOf<Typed>(`${isGiven ? 'give' : 'withhold'} ${patient} ${ordered.request.id}`, {
    at: typedOf(Date.now()),
    amount: quantity?.value === undefined ? '' : written.number(quantity.value),
    reason: '',
    remark: '',
  });
  const { create } = useRecordChange();
  const author = useAuthor();
  const typed = draft.value;
  const at = instantOf(typed.at);
  const value = Number(typed.amount.trim().replace(',', '.'));
  const sending = useMutation({
    mutationFn: (isAgain: boolean) => {
      const given = { ordered, patient, isGiven, isAgain, typed, at: at ?? Date.now(), value, unit };
      return create(patient, [doseOf(given, author, t)], draft.id);
    },
    onSuccess: () => {
      draft.forget();
      done();
    },
  });
  const lacks = {
    at: at === undefined || at > Date.now() + 5 * 60_000,
    amount: isGiven && unit !== '' && !(value > 0),
    reason: !isGiven && typed.reason === '',
  };
  const write = (more: Partial<Typed>): void => draft.write({ ...typed, ...more });
  return { draft, typed, write, at, unit, lacks, sending };
}

export function GiveDose(props: GiveDoseProps) {
  const { ordered, patient, isGiven, done } = props;
  const { t } = useTranslation('medicines');
  const { t: ui } = useTranslation('ui');
  const { data: person } = useSuspenseQuery(patientQuery(patient));
  const dose = useDose(props);
  const { draft, typed, at, unit, lacks, sending } = dose;
  const [wasTried, setWasTried] = useState(false);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setWasTried(true);
    if (!lacks.at && !lacks.amount && !lacks.reason) sending.mutate(false);
  };
  return (
    <form onSubmit={send} className="fyr-stack fyr-give" noValidate>
      <Heading size="xsmall" level="3">
        {t(isGiven ? 'give-to' : 'withhold-from', { name: nameOf(person.name), medicine: ordered.name })}
      </Heading>
      {isGiven && <GivenJustNow last={ordered.last} at={at} />}
      <Fields dose={dose} isGiven={isGiven} wasTried={wasTried} />
      {isTaken(sending.error) ? <GivenAlready send={() => sending.mutate(true)} /> : <Problem error={sending.error} />}
      <div className="fyr-row">
        <Button type="submit" size="small" loading={sending.isPending} {...(isGiven ? {} : { 'data-color': 'danger' })}>
          {t(isGiven ? 'give-do' : 'withhold-do', { medicine: ordered.name, amount: `${typed.amount} ${unit}`.trim() })}
        </Button>
        <Button
          type="button"
          size="small"
          variant="tertiary"
          onClick={() => {
            draft.forget();
            done();
          }}
        >
          {ui('cancel')}
        </Button>
      </div>
    </form>
  );
}

/** Somebody noted this dose of the order meanwhile, on another screen. */
function isTaken(error: Error | null): boolean {
  return error instanceof Refusal && error.status === 409;
}

function GivenAlready({ send }: { send: () => void }) {
  const { t } = useTranslation('medicines');
  return (
    <div role="alert" className="fyr-stack">
      <InlineMessage status="error">{t('given-already')}</InlineMessage>
      <div>
        <Button type="button" size="small" variant="secondary" data-color="danger" onClick={send}>
          {t('given-again')}
        </Button>
      </div>
    </div>
  );
}

function GivenJustNow({ last, at }: { last: Ordered['last']; at: number | undefined }) {
  const { t } = useTranslation('medicines');
  const written = useWritten();
  if (!last?.isGiven || at === undefined || Math.abs(at - last.at) >= soonMs) return null;
  return (
    <InlineMessage status="warning">
      {t('given-just-now', { when: written.when(new Date(last.at).toISOString()), by: last.by ?? '–' })}
    </InlineMessage>
  );
}

type FieldsProps = { dose: ReturnType<typeof useDose>; isGiven: boolean; wasTried: boolean };

function Fields({ dose: { typed, write, unit, lacks }, isGiven, wasTried }: FieldsProps) {
  const { t } = useTranslation('medicines');
  return (
    <div className="fyr-row">
      <TimeField
        size="small"
        label={t('time')}
        value={typed.at}
        error={wasTried && lacks.at ? t('time-lacks') : undefined}
        onTyped={(next) => write({ at: next })}
      />
      {isGiven && unit !== '' && (
        <TextField
          size="small"
          label={t('amount', { unit })}
          inputMode="decimal"
          value={typed.amount}
          error={wasTried && lacks.amount ? t('amount-lacks') : undefined}
          onChange={({ target }) => write({ amount: target.value })}
        />
      )}
      {!isGiven && (
        <Select
          size="small"
          label={t('reason')}
          value={typed.reason}
          error={wasTried && lacks.reason ? t('reason-lacks') : undefined}
          onChange={({ target }) => write({ reason: target.value })}
        >
          <option value="">{t('choose')}</option>
          {reasons.map((one) => (
            <option key={one} value={one}>
              {t(`reason-${one}`)}
            </option>
          ))}
        </Select>
      )}
      <TextField
        size="small"
        label={t('remark')}
        value={typed.remark}
        maxLength={500}
        onChange={({ target }) => write({ remark: target.value })}
      />
    </div>
  );
}

type Given = {
  ordered: Ordered;
  patient: string;
  isGiven: boolean;
  /** It was given though the record says that this dose was given already. */
  isAgain: boolean;
  typed: Typed;
  at: number;
  value: number;
  unit: string;
};

function doseOf(
  { ordered, patient, isGiven, isAgain, typed, at, value, unit }: Given,
  author: { reference: string; display: string },
  t: (key: string) => string,
): MedicationAdministration {
  const { id, medicationCodeableConcept, medicationReference, encounter } = ordered.request;
  const { remark, reason } = typed;
  const slot = isGiven ? doseSlotOf(ordered.request.dosageInstruction ?? [], at) : undefined;
  return {
    resourceType: 'MedicationAdministration',
    ...(isAgain ? { meta: { tag: [emergencyTag] } } : {}),
    ...(slot === undefined ? {} : { extension: [{ url: doseSlotUrl, valueInstant: new Date(slot).toISOString() }] }),
    status: isGiven ? 'completed' : 'not-done',
    ...(isGiven
      ? {}
      : {
          statusReason: [
            { coding: [{ system: 'urn:fyr:code-system:dose-withheld', code: reason }], text: t(`reason-${reason}`) },
          ],
        }),
    ...(medicationCodeableConcept ? { medicationCodeableConcept } : {}),
    ...(medicationReference ? { medicationReference } : {}),
    subject: { reference: `Patient/${patient}` },
    ...(encounter ? { context: encounter } : {}),
    effectiveDateTime: new Date(at).toISOString(),
    performer: [{ actor: author }],
    request: { reference: `MedicationRequest/${id}` },
    ...(remark.trim() === '' ? {} : { note: [{ text: remark.trim() }] }),
    ...(isGiven && value > 0 && unit !== '' ? { dosage: { dose: { value, unit } } } : {}),
  };
}
