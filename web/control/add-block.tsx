/** To close the record: what, and for whom; then what follows; then done. */
import { Button, Radio, RadioGroup, Select } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { documentTitle, titleOf, type InDirectory } from '../record/directory.ts';
import { recordQuery } from '../record/queries.ts';
import { useChange, useSignedIn } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Problem } from '../ui/problem.tsx';
import { Directory } from './directory.tsx';

type Whom = 'Practitioner' | 'Organization' | 'all';
const whoms: readonly Whom[] = ['Practitioner', 'Organization', 'all'];

export default function AddBlock({ patient, done }: { patient: string | undefined; done: () => void }) {
  const { t } = useTranslation('control');
  const { t: ui } = useTranslation('ui');
  const [whom, setWhom] = useState<Whom | ''>('');
  const [chosen, setChosen] = useState<InDirectory>();
  const [document, setDocument] = useState('');
  const [step, setStep] = useState<'choose' | 'lacks' | 'confirm'>('choose');
  const change = useChange();
  const closing = useMutation({
    mutationFn: (body: object) => change('/api/control/blocks', { method: 'POST', body }, ['control', 'record']),
    onSuccess: done,
  });
  const isReady = whom === 'all' || (whom !== '' && chosen !== undefined);
  const next = (event: FormEvent): void => {
    event.preventDefault();
    setStep(isReady ? 'confirm' : 'lacks');
  };
  const close = (): void =>
    closing.mutate({
      ...(patient === undefined ? {} : { patient }),
      ...(document === '' ? {} : { document }),
      ...(whom === 'Practitioner' ? { for: { practitioner: chosen?.id } } : {}),
      ...(whom === 'Organization' ? { for: { organization: chosen?.id } } : {}),
    });
  return (
    <form onSubmit={next} className="fyr-stack" noValidate>
      <RadioGroup
        legend={t('whom')}
        value={whom}
        onChange={(value: Whom) => {
          setWhom(value);
          setChosen(undefined);
        }}
        error={step === 'lacks' && !isReady ? t('whom-lacks') : undefined}
      >
        {whoms.map((one) => (
          <Radio key={one} value={one} {...(one === 'all' ? { description: t('whom-all-more') } : {})}>
            {t(`whom-${one}`)}
          </Radio>
        ))}
      </RadioGroup>
      {(whom === 'Practitioner' || whom === 'Organization') && (
        <Directory key={whom} type={whom} chosen={chosen} choose={setChosen} />
      )}
      <Documents patient={patient} chosen={document} choose={setDocument} />
      <div className="fyr-row">
        <Button type="submit">{t('block-next')}</Button>
        <Button type="button" variant="tertiary" onClick={done}>
          {ui('cancel')}
        </Button>
      </div>
      {step === 'confirm' && (
        <Confirm
          title={t('block-title')}
          follows={t(whom === 'all' ? 'block-follows-all' : 'block-follows', {
            name: chosen === undefined ? '' : titleOf(chosen),
          })}
          action={t('block-do')}
          isPending={closing.isPending}
          onConfirm={close}
          onCancel={() => setStep('choose')}
        >
          <Problem error={closing.error} />
        </Confirm>
      )}
    </form>
  );
}

type DocumentsProps = { patient: string | undefined; chosen: string; choose: (id: string) => void };

/** The whole record, or one of its documents. */
function Documents({ patient, chosen, choose }: DocumentsProps) {
  const { t } = useTranslation('control');
  const written = useWritten();
  const own = useSignedIn()?.id ?? '';
  const { data } = useQuery(recordQuery(patient ?? own, 'DocumentReference', { _sort: '-date', _count: '100' }));
  return (
    <Select label={t('what')} value={chosen} onChange={(event) => choose(event.target.value)}>
      <option value="">{t('whole-record')}</option>
      {(data?.resources ?? []).map((document) => (
        <option key={document.id} value={document.id}>
          {documentTitle(document)}, {written.date(document.date?.slice(0, 10))}
        </option>
      ))}
    </Select>
  );
}
