/** What stands on the paper, typed in: row by row, as the sheet has it. What is typed is kept until it is sent. */
import { Button, Checkbox, Select, Textarea, TextField } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormShown } from '#continuity/back-entry/contract.ts';
import { Refusal } from '../session/ask.ts';
import { useChange } from '../session/queries.ts';
import { useDraftOf } from '../ui/draft.ts';
import { Problem } from '../ui/problem.tsx';
import { TimeField } from '../ui/time-field.tsx';
import { entryOf, fieldsOf, firstRows, hasRows, isEmptyRow, lackOf, type Field, type Typed } from './fields.ts';
import { PatientPick } from './patient-pick.tsx';

type Kept = { patient: string; rows: Typed[] };

export function EntryForm({ form }: { form: FormShown }) {
  const { t } = useTranslation('paper');
  const { code, kind, patient, prefilled } = form;
  const change = useChange();
  const draft = useDraftOf<Kept>(`paper ${code}`, { patient: patient ?? '', rows: firstRows(prefilled) });
  const { rows, patient: whose } = draft.value;
  const [isChecked, setIsChecked] = useState(false);
  const [isDouble, setIsDouble] = useState(false);
  const written = hasRows(kind) ? rows.filter((row) => !isEmptyRow(kind, row)) : rows;
  const isWhole =
    whose !== '' && written.length > 0 && written.every((row) => fieldsOf[kind].every((field) => !lackOf(field, row)));
  const enter = useMutation({
    mutationFn: () => {
      const body = entryOf(kind, whose, rows, isDouble);
      return change(`/api/back-entry/forms/${code}/entry`, { method: 'POST', body }, ['paper']);
    },
    onSuccess: () => draft.forget(),
  });
  const put = (at: number, name: string, value: string): void =>
    draft.write({ patient: whose, rows: rows.map((row, index) => (index === at ? { ...row, [name]: value } : row)) });
  const mayBeDouble = enter.error instanceof Refusal && enter.error.reason === 'possible-double';
  return (
    <form
      className="fyr-card fyr-stack"
      noValidate
      aria-labelledby="entry"
      onSubmit={(event) => {
        event.preventDefault();
        setIsChecked(true);
        if (isWhole) enter.mutate();
      }}
    >
      <h2 id="entry">{t('entry')}</h2>
      {patient === undefined && (
        <PatientPick
          chosen={whose}
          onChosen={(chosen) => draft.write({ patient: chosen, rows })}
          error={isChecked && whose === '' ? t('patient-lacks') : undefined}
        />
      )}
      {rows.map((row, at) => (
        <Row
          key={at}
          form={form}
          row={row}
          label={hasRows(kind) ? t('row', { number: at + 1 }) : t('entry')}
          isChecked={isChecked && !(hasRows(kind) && written.length > 0 && isEmptyRow(kind, row))}
          onTyped={(name, value) => put(at, name, value)}
        />
      ))}
      {hasRows(kind) && <MoreRows onMore={() => draft.write({ patient: whose, rows: [...rows, {}] })} />}
      <Problem error={enter.error} />
      {(mayBeDouble || isDouble) && (
        <Checkbox checked={isDouble} onChange={(event) => setIsDouble(event.target.checked)}>
          {t('is-double')}
        </Checkbox>
      )}
      <div>
        <Button type="submit" loading={enter.isPending}>
          {t(form.needsSecondPerson ? 'enter-for-second' : 'enter-now')}
        </Button>
      </div>
    </form>
  );
}

function MoreRows({ onMore }: { onMore: () => void }) {
  const { t } = useTranslation('paper');
  return (
    <div>
      <Button type="button" size="small" variant="tertiary" onClick={onMore}>
        {t('more-rows')}
      </Button>
    </div>
  );
}

type RowProps = {
  form: FormShown;
  row: Typed;
  label: string;
  isChecked: boolean;
  onTyped: (name: string, value: string) => void;
};

function Row({ form: { kind }, row, label, isChecked, onTyped }: RowProps) {
  return (
    <fieldset className="fyr-paper-row">
      <legend>{label}</legend>
      {fieldsOf[kind].map((field) => (
        <One
          key={field.name}
          field={field}
          row={row}
          isChecked={isChecked}
          onTyped={(value) => onTyped(field.name, value)}
        />
      ))}
    </fieldset>
  );
}

type OneProps = { field: Field; row: Typed; isChecked: boolean; onTyped: (value: string) => void };

function One({ field, row, isChecked, onTyped }: OneProps) {
  const { t } = useTranslation('paper');
  const { name, kind, options = [] } = field;
  const lack = isChecked ? lackOf(field, row) : undefined;
  const shared = {
    size: 'small' as const,
    label: t(`field-${name}`),
    value: row[name] ?? '',
    error: lack && t(`lack-${lack}`),
  };
  switch (kind) {
    case 'time':
      return <TimeField {...shared} onTyped={onTyped} />;
    case 'choice':
      return (
        <Select {...shared} onChange={(event) => onTyped(event.target.value)}>
          <option value="">{t('choose')}</option>
          {options.map((option) => (
            <option key={option} value={option}>
              {t(`option-${option}`)}
            </option>
          ))}
        </Select>
      );
    case 'long':
      return (
        <Textarea
          {...shared}
          className="fyr-paper-long"
          minRows={4}
          maxLength={20_000}
          onChange={(event) => onTyped(event.target.value)}
        />
      );
    default:
      return (
        <TextField
          {...shared}
          autoComplete="off"
          {...(kind === 'number' ? { inputMode: 'decimal' as const } : {})}
          readOnly={name === 'medicine' && (row['request'] ?? '') !== ''}
          onChange={(event) => onTyped(event.target.value)}
        />
      );
  }
}
