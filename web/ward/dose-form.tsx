/** A dose that was given, or was not and why: of an order, named once more before it is saved. */
import { Radio, RadioGroup, Select, Textarea, TextField } from '@navikt/ds-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaptureEntry } from '#continuity/ward-browser/contract.ts';
import type { Medicine } from '#continuity/packs/contract.ts';
import { useWritten } from '../text/written.ts';
import { FormFrame, numberIn, useMoment, type FormProps } from './form-parts.tsx';
import { dueWords } from './words.ts';

type DoseFormProps = FormProps & { request: string | undefined };

/** What is typed of a dose; the amount is the order's to begin with. */
type Typed = { given: '' | 'yes' | 'no'; amount: string; unit: string; remark: string };

export function DoseForm({ sheet, request, onSave, onCancel }: DoseFormProps) {
  const { t } = useTranslation('ward');
  const all = [...sheet.medicines, ...sheet.infusions];
  const [medicine, setMedicine] = useState(() => all.find((one) => one.request === request));
  const [typed, setTyped] = useState<Typed>(() => ({ given: '', ...orderedDose(medicine), remark: '' }));
  const [isChecked, setIsChecked] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const moment = useMoment(isChecked);
  const choose = (chosen: string): void => {
    const next = all.find((one) => one.request === chosen);
    setMedicine(next);
    setTyped({ ...typed, ...orderedDose(next) });
  };
  const send = (): void => {
    setIsChecked(true);
    const at = moment.at();
    if (medicine === undefined || at === undefined || !isGood(typed)) return;
    setIsPending(true);
    const rows = [rowOf(medicine, typed, at)];
    void onSave({ kind: 'doses', patient: sheet.patient, rows }).finally(() => setIsPending(false));
  };
  return (
    <FormFrame title={t('write-doses')} name={sheet.name} isPending={isPending} onSend={send} onCancel={onCancel}>
      <Select
        size="small"
        label={t('medicine')}
        value={medicine?.request ?? ''}
        onChange={(event) => choose(event.target.value)}
        error={isChecked && medicine === undefined && t('medicine-lacks')}
      >
        <option value="">{t('choose')}</option>
        {all.map((one) => (
          <option key={one.request} value={one.request}>
            {one.name}
          </option>
        ))}
      </Select>
      {medicine && <Order medicine={medicine} />}
      <DoseFields typed={typed} onTyped={setTyped} isChecked={isChecked} />
      {moment.field}
    </FormFrame>
  );
}

function Order({ medicine }: { medicine: Medicine }) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const { dose, route, words } = medicine;
  return (
    <p className="fyr-plain">
      {[dose, route].filter(Boolean).join(', ') || words} · {t('next-dose')}: {dueWords(medicine, written, t)}
    </p>
  );
}

type DoseFieldsProps = { typed: Typed; onTyped: (typed: Typed) => void; isChecked: boolean };

function DoseFields({ typed, onTyped, isChecked }: DoseFieldsProps) {
  const { t } = useTranslation('ward');
  const { given, amount, unit, remark } = typed;
  const put = (next: Partial<Typed>): void => onTyped({ ...typed, ...next });
  return (
    <>
      <RadioGroup
        size="small"
        legend={t('was-it-given')}
        value={given}
        onChange={(value: Typed['given']) => put({ given: value })}
        error={isChecked && given === '' && t('given-lacks')}
      >
        <Radio value="yes">{t('was-given')}</Radio>
        <Radio value="no">{t('was-not-given')}</Radio>
      </RadioGroup>
      {given === 'yes' && (
        <div className="fyr-row">
          <TextField
            size="small"
            className="fyr-short"
            label={t('amount')}
            inputMode="decimal"
            value={amount}
            onChange={(event) => put({ amount: event.target.value })}
            error={isChecked && isDoseWrong(typed) && t('amount-wrong')}
          />
          <TextField
            size="small"
            className="fyr-short"
            label={t('unit')}
            value={unit}
            maxLength={40}
            onChange={(event) => put({ unit: event.target.value })}
          />
        </div>
      )}
      <Textarea
        size="small"
        label={t(given === 'no' ? 'why-not' : 'remark')}
        value={remark}
        maxLength={2000}
        minRows={1}
        onChange={(event) => put({ remark: event.target.value })}
        error={isChecked && isReasonLacking(typed) && t('why-not-lacks')}
      />
    </>
  );
}

const isDoseWrong = ({ given, amount, unit }: Typed): boolean =>
  given === 'yes' && amount.trim() !== '' && (numberIn(amount) === undefined || unit.trim() === '');
const isReasonLacking = ({ given, remark }: Typed): boolean => given === 'no' && remark.trim() === '';
const isGood = (typed: Typed): boolean => typed.given !== '' && !isDoseWrong(typed) && !isReasonLacking(typed);

type Row = Extract<CaptureEntry, { kind: 'doses' }>['rows'][number];

function rowOf({ request, name }: Medicine, { given, amount, unit, remark }: Typed, at: string): Row {
  const value = numberIn(amount);
  return {
    at,
    request,
    medicine: name,
    given: given === 'yes',
    ...(given === 'yes' && value !== undefined ? { dose: { value, unit: unit.trim() } } : {}),
    ...(remark.trim() === '' ? {} : { remark: remark.trim() }),
  };
}

/** What the order says, where it says one amount: `2,5 mg`. */
function orderedDose(medicine: Medicine | undefined): { amount: string; unit: string } {
  const match = /^([\d.,]+) (\S[^,/]*)$/.exec(medicine?.dose ?? '');
  return { amount: match?.[1] ?? '', unit: match?.[2] ?? '' };
}
