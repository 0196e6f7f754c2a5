/** What one measured oneself. What is typed is kept until it is sent, and sent once. */
import { BodyLong, Button, Heading, Select, TextField } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useRecordChange } from '../record/change.ts';
import { useSignedIn } from '../session/queries.ts';
import { instantOf, typedOf } from '../text/typed-time.ts';
import { useWritten } from '../text/written.ts';
import { useDraftOf } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { kindNames, measuredIn, measuredKinds, measuredOf, type MeasuredField, type MeasuredKind } from './own.ts';

type Typed = { kind: MeasuredKind; at: string; values: Record<string, string> };

export function AddMeasurement({ patient }: { patient: string }) {
  const { t } = useTranslation('health');
  const { id: speaker = '' } = useSignedIn() ?? {};
  const draft = useDraftOf<Typed>(`measurement ${patient}`, { kind: 'pressure', at: '', values: {} });
  const [isTried, setIsTried] = useState(false);
  const { create } = useRecordChange();
  const { kind, values } = draft.value;
  const fields: readonly MeasuredField[] = measuredKinds[kind];
  const at = draft.value.at === '' ? typedOf(Date.now()) : draft.value.at;
  const instant = instantOf(at);
  const isLater = instant === undefined || instant > Date.now() + 60_000;
  const read = fields.map((field) => measuredIn(values[field.name], field));
  const sending = useMutation({
    mutationFn: () => {
      const numbers = Object.fromEntries(fields.map(({ name }, i) => [name, read[i] as number]));
      const told = { patient, speaker, at: new Date(instant ?? 0).toISOString() };
      return create(patient, measuredOf(kind, numbers, told), draft.id);
    },
    onSuccess: () => {
      draft.forget();
      setIsTried(false);
    },
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (!isLater && read.every((value) => value !== undefined)) sending.mutate();
  };
  return (
    <form className="fyr-card fyr-stack" onSubmit={send} noValidate>
      <Heading size="small" level="2">
        {t('add-measurement')}
      </Heading>
      <BodyLong>{t('add-more')}</BodyLong>
      <Select
        label={t('kind')}
        value={kind}
        onChange={(event) => draft.write({ ...draft.value, kind: event.target.value as MeasuredKind, values: {} })}
      >
        {kindNames.map((name) => (
          <option key={name} value={name}>
            {t(`kind-${name}`)}
          </option>
        ))}
      </Select>
      {fields.map((field, i) => (
        <NumberField
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          isWrong={isTried && read[i] === undefined}
          onTyped={(value) => draft.write({ ...draft.value, values: { ...values, [field.name]: value } })}
        />
      ))}
      <TimeField
        label={t('measured-at')}
        value={at}
        onTyped={(value) => draft.write({ ...draft.value, at: value })}
        error={isTried && isLater ? t('in-future') : undefined}
      />
      <Problem error={sending.error} />
      <div className="fyr-row fyr-row-middle">
        <Button type="submit" loading={sending.isPending}>
          {t('save')}
        </Button>
        <span role="status">{sending.isSuccess && draft.keptAt === undefined && t('saved')}</span>
      </div>
    </form>
  );
}

type NumberFieldProps = { field: MeasuredField; value: string; isWrong: boolean; onTyped: (value: string) => void };

function NumberField({ field: { name, least, most }, value, isWrong, onTyped }: NumberFieldProps) {
  const { t } = useTranslation('health');
  const written = useWritten();
  return (
    <TextField
      label={t(`field-${name}`)}
      inputMode="decimal"
      autoComplete="off"
      htmlSize={8}
      value={value}
      onChange={(event) => onTyped(event.target.value)}
      error={isWrong ? t('number-wrong', { least: written.number(least), most: written.number(most) }) : undefined}
    />
  );
}
