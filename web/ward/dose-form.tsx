/** A dose that was given, or was not and why: of an order, named once more before it is saved. */
import { Radio, RadioGroup, Select, Textarea, TextField } from '@navikt/ds-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Medicine } from '#continuity/packs/contract.ts';
import { useWritten } from '../text/written.ts';
import { FormFrame, numberIn, useMoment, type FormProps } from './form-parts.tsx';
import { dueWords } from './words.ts';

type DoseFormProps = FormProps & { request: string | undefined };

export function DoseForm({ sheet, request, onSave, onCancel }: DoseFormProps) {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const all = [...sheet.medicines, ...sheet.infusions];
  const [chosen, setChosen] = useState(request ?? '');
  const medicine = all.find((one) => one.request === chosen);
  const [given, setGiven] = useState('');
  const [amount, setAmount] = useState<string>();
  const [unit, setUnit] = useState<string>();
  const [remark, setRemark] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const moment = useMoment(isChecked);
  const ordered = orderedDose(medicine);
  const [shownAmount, shownUnit] = [amount ?? ordered.amount, unit ?? ordered.unit];
  const value = numberIn(shownAmount);
  const isDoseWrong = given === 'yes' && shownAmount.trim() !== '' && (value === undefined || shownUnit.trim() === '');
  const isReasonLacking = given === 'no' && remark.trim() === '';
  const send = (): void => {
    setIsChecked(true);
    const at = moment.at();
    if (medicine === undefined || given === '' || isDoseWrong || isReasonLacking || at === undefined) return;
    setIsPending(true);
    const row = {
      at,
      request: medicine.request,
      medicine: medicine.name,
      given: given === 'yes',
      ...(given === 'yes' && value !== undefined ? { dose: { value, unit: shownUnit.trim() } } : {}),
      ...(remark.trim() === '' ? {} : { remark: remark.trim() }),
    };
    void onSave({ kind: 'doses', patient: sheet.patient, rows: [row] }).finally(() => setIsPending(false));
  };
  return (
    <FormFrame title={t('write-doses')} name={sheet.name} isPending={isPending} onSend={send} onCancel={onCancel}>
      <Select
        size="small"
        label={t('medicine')}
        value={chosen}
        onChange={(event) => setChosen(event.target.value)}
        error={isChecked && medicine === undefined && t('medicine-lacks')}
      >
        <option value="">{t('choose')}</option>
        {all.map((one) => (
          <option key={one.request} value={one.request}>
            {one.name}
          </option>
        ))}
      </Select>
      {medicine && (
        <p className="fyr-plain">
          {[medicine.dose, medicine.route].filter(Boolean).join(', ') || medicine.words} · {t('next-dose')}:{' '}
          {dueWords(medicine, written, t)}
        </p>
      )}
      <RadioGroup
        size="small"
        legend={t('was-it-given')}
        value={given}
        onChange={setGiven}
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
            value={shownAmount}
            onChange={(event) => setAmount(event.target.value)}
            error={isChecked && isDoseWrong && t('amount-wrong')}
          />
          <TextField
            size="small"
            className="fyr-short"
            label={t('unit')}
            value={shownUnit}
            maxLength={40}
            onChange={(event) => setUnit(event.target.value)}
          />
        </div>
      )}
      <Textarea
        size="small"
        label={t(given === 'no' ? 'why-not' : 'remark')}
        value={remark}
        maxLength={2000}
        minRows={1}
        onChange={(event) => setRemark(event.target.value)}
        error={isChecked && isReasonLacking && t('why-not-lacks')}
      />
      {moment.field}
    </FormFrame>
  );
}

/** What the order says, where it says one amount: `2,5 mg`. */
function orderedDose(medicine: Medicine | undefined): { amount: string; unit: string } {
  const match = /^([\d.,]+) (\S[^,/]*)$/.exec(medicine?.dose ?? '');
  return { amount: match?.[1] ?? '', unit: match?.[2] ?? '' };
}
