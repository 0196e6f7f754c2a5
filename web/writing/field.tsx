/** One field of a form, by its kind, with its name, its hint and its problem. */
import { Radio, RadioGroup, Select, Textarea, TextField } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { TimeField } from '../ui/time-field.tsx';
import { CodeField } from './code-field.tsx';
import type { Field, Values } from './form-kind.ts';

export type FieldProps = {
  field: Field;
  values: Values;
  /** A key of the texts. */
  problem: string | undefined;
  write: (value: string) => void;
};

export function FormField({ field, values, problem, write }: FieldProps) {
  const { t } = useTranslation('writing');
  const { name } = field;
  const value = values[name] ?? '';
  const bounds = field.kind === 'number' ? { least: field.least, most: field.most } : {};
  const shared = {
    size: 'small' as const,
    error: problem === undefined ? undefined : t(`problem-${problem}`, bounds),
  };
  const label = field.isRequired ? t(`field-${name}`) : t('not-required', { field: t(`field-${name}`) });
  switch (field.kind) {
    case 'when':
      return <TimeField {...shared} label={label} value={value} onTyped={write} />;
    case 'day':
      return (
        <TextField
          {...shared}
          label={label}
          type={dayType}
          className="fyr-field-short"
          value={value}
          onChange={({ target }) => write(target.value)}
        />
      );
    case 'number':
      return (
        <TextField
          {...shared}
          label={t(`field-${name}`)}
          inputMode="decimal"
          autoComplete="off"
          className="fyr-field-number"
          value={value}
          onChange={({ target }) => write(target.value)}
        />
      );
    case 'words':
      return (
        <TextField
          {...shared}
          label={label}
          maxLength={field.max}
          autoComplete="off"
          value={value}
          onChange={({ target }) => write(target.value)}
        />
      );
    case 'text':
      return (
        <Textarea
          {...shared}
          label={label}
          maxLength={field.max}
          minRows={field.lines}
          value={value}
          onChange={({ target }) => write(target.value)}
        />
      );
    case 'choice':
      return (
        <RadioGroup {...shared} legend={label} value={value} onChange={write} className="fyr-choice">
          {field.options.map((option) => (
            <Radio key={option} value={option}>
              {t(`option-${name}-${option}`)}
            </Radio>
          ))}
        </RadioGroup>
      );
    case 'select':
      return (
        <Select
          {...shared}
          label={label}
          className="fyr-field-select"
          value={value}
          onChange={({ target }) => write(target.value)}
        >
          <option value="">{t('choose')}</option>
          {field.options.map((option) => (
            <option key={option} value={option}>
              {t(`option-${name}-${option}`)}
            </option>
          ))}
        </Select>
      );
    case 'code':
      return (
        <CodeField label={label} systems={field.systems(values)} value={value} error={shared.error} write={write} />
      );
  }
}

/** The design system's own date picker is a dialogue; a plain field is quicker to type in. */
const dayType = 'date' as 'text';
