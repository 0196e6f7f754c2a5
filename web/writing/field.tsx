/** One field of a form, by its kind, with its name, its hint and its problem. */
import { Radio, RadioGroup, Select, Textarea, TextField } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { TimeField } from '../ui/time-field.tsx';
import { PartyField } from './party-field.tsx';
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
  const { name, kind } = field;
  const bounds = kind === 'number' ? { least: field.least, most: field.most } : {};
  const isPlain = field.isRequired || kind === 'number';
  const shared = {
    size: 'small' as const,
    label: isPlain ? t(`field-${name}`) : t('not-required', { field: t(`field-${name}`) }),
    value: values[name] ?? '',
    error: problem === undefined ? undefined : t(`problem-${problem}`, bounds),
  };
  if (kind === 'choice' || kind === 'select') return <Options {...shared} field={field} write={write} />;
  if (kind === 'when') return <TimeField {...shared} onTyped={write} />;
  if (kind === 'code') return <CodeField {...shared} systems={field.systems(values)} write={write} />;
  if (kind === 'party') return <PartyField {...shared} from={field.from} write={write} />;
  const onChange = ({ target }: { target: { value: string } }): void => write(target.value);
  if (kind === 'text') return <Textarea {...shared} maxLength={field.max} minRows={field.lines} onChange={onChange} />;
  const own = {
    day: { type: dayType, className: 'fyr-field-short' },
    number: { inputMode: 'decimal' as const, className: 'fyr-field-number' },
    words: kind === 'words' ? { maxLength: field.max } : {},
  }[kind];
  return <TextField {...shared} {...own} autoComplete="off" onChange={onChange} />;
}

type OptionsProps = {
  size: 'small';
  label: string;
  value: string;
  error: string | undefined;
  field: Extract<Field, { kind: 'choice' | 'select' }>;
  write: (value: string) => void;
};

function Options({ field: { name, kind, options }, label, value, write, ...shared }: OptionsProps) {
  const { t } = useTranslation('writing');
  if (kind === 'choice')
    return (
      <RadioGroup {...shared} legend={label} value={value} onChange={write} className="fyr-choice">
        {options.map((option) => (
          <Radio key={option} value={option}>
            {t(`option-${name}-${option}`)}
          </Radio>
        ))}
      </RadioGroup>
    );
  return (
    <Select
      {...shared}
      label={label}
      className="fyr-field-select"
      value={value}
      onChange={({ target }) => write(target.value)}
    >
      <option value="">{t('choose')}</option>
      {options.map((option) => (
        <option key={option} value={option}>
          {t(`option-${name}-${option}`)}
        </option>
      ))}
    </Select>
  );
}

/** The design system's own date picker is a dialogue; a plain field is quicker to type in. */
const dayType = 'date' as 'text';
