/** Vital signs, with NEWS2 of what is typed so far. */
import { Select, TextField } from '@navikt/ds-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { news2, type Consciousness } from '#shared/news2.ts';
import { FormFrame, numberIn, useMoment, type FormProps } from './form-parts.tsx';
import type { Say } from './words.ts';
import { ScoreMark } from './score.tsx';

/** The least and the most that can be true: as the node takes them. */
const bounds = {
  breathing: [0, 120],
  saturation: [20, 100],
  oxygenLitres: [0, 80],
  systolic: [20, 350],
  diastolic: [10, 250],
  pulse: [0, 350],
  temperature: [20, 46],
} as const;
const whole: readonly string[] = ['breathing', 'systolic', 'diastolic', 'pulse'];
type Sign = keyof typeof bounds;
const signs = Object.keys(bounds) as Sign[];
const letters = ['A', 'C', 'V', 'P', 'U'] as const;

export function VitalsForm({ sheet, onSave, onCancel }: FormProps) {
  const { t } = useTranslation('ward');
  const [typed, setTyped] = useState<Partial<Record<Sign, string>>>({});
  const [consciousness, setConsciousness] = useState<Consciousness | ''>('');
  const [isChecked, setIsChecked] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const moment = useMoment(isChecked);
  const values = valuesOf(typed);
  const lacks = (sign: Sign): string | undefined => problemOf(sign, typed, t);
  const { oxygenLitres, saturation, breathing, systolic, pulse, temperature } = values;
  const score = news2({
    ...(breathing === undefined ? {} : { breathing }),
    ...(saturation === undefined ? {} : { saturation }),
    ...(oxygenLitres === undefined ? {} : { hasOxygen: oxygenLitres > 0 }),
    ...(systolic === undefined ? {} : { systolic }),
    ...(pulse === undefined ? {} : { pulse }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(consciousness === '' ? {} : { consciousness }),
  });
  const isEmpty = Object.keys(values).length === 0 && consciousness === '';
  const send = (): void => {
    setIsChecked(true);
    const at = moment.at();
    if (isEmpty || at === undefined || signs.some((sign) => lacks(sign) !== undefined)) return;
    setIsPending(true);
    const row = { at, ...values, ...(consciousness === '' ? {} : { consciousness }) };
    void onSave({ kind: 'vitals', patient: sheet.patient, rows: [row] }).finally(() => setIsPending(false));
  };
  return (
    <FormFrame title={t('write-vitals')} name={sheet.name} isPending={isPending} onSend={send} onCancel={onCancel}>
      <div className="fyr-ward-signs">
        {signs.map((sign) => (
          <TextField
            key={sign}
            size="small"
            label={t(`sign-${sign}`)}
            inputMode={whole.includes(sign) ? 'numeric' : 'decimal'}
            autoComplete="off"
            value={typed[sign] ?? ''}
            onChange={(event) => setTyped({ ...typed, [sign]: event.target.value })}
            error={isChecked && lacks(sign)}
          />
        ))}
        <Select
          size="small"
          label={t('sign-consciousness')}
          value={consciousness}
          onChange={(event) => setConsciousness(event.target.value as Consciousness | '')}
        >
          <option value="">–</option>
          {letters.map((letter) => (
            <option key={letter} value={letter}>
              {t(`consciousness-${letter}`)}
            </option>
          ))}
        </Select>
        {moment.field}
      </div>
      <p className="fyr-plain" role="status">
        {!isEmpty && (
          <>
            {t('news')} <ScoreMark score={{ ...score }} /> {score.missing.length > 0 && t('score-missing')}
          </>
        )}
        {isEmpty && isChecked && <span className="fyr-sign-critical">{t('vitals-lack')}</span>}
      </p>
    </FormFrame>
  );
}

function valuesOf(typed: Partial<Record<Sign, string>>): Partial<Record<Sign, number>> {
  const known = signs.flatMap((sign): [Sign, number][] => {
    const value = numberIn(typed[sign] ?? '');
    return value === undefined ? [] : [[sign, value]];
  });
  return Object.fromEntries(known);
}

function problemOf(sign: Sign, typed: Partial<Record<Sign, string>>, t: Say): string | undefined {
  const text = (typed[sign] ?? '').trim();
  const [least, most] = bounds[sign];
  const other = ({ systolic: 'diastolic', diastolic: 'systolic' } as const)[sign as string];
  if (text === '') return other !== undefined && (typed[other] ?? '').trim() !== '' ? t('pressure-half') : undefined;
  const value = numberIn(text);
  const isGood =
    value !== undefined && value >= least && value <= most && (!whole.includes(sign) || Number.isInteger(value));
  return isGood ? undefined : t('sign-wrong', { least, most });
}
