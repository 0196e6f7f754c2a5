/** To let somebody act for one: who, by number and family name; what of the record; only to see or also to act; until when. Then what follows; then done. */
import { BodyLong, Button, Checkbox, CheckboxGroup, Radio, RadioGroup, Select, TextField } from '@navikt/ds-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewPowerAnswer, PowerRequest, PowerScope } from '#trust/control/contract.ts';
import { useChange } from '../session/queries.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Problem } from '../ui/problem.tsx';

const scopeNames = [
  'results',
  'medicines',
  'vaccinations',
  'appointments',
  'documents',
] as const satisfies PowerScope[];
const spans = ['30', '182', '365', 'open'] as const;
const dayMs = 86_400_000;

type Asked = {
  number: string;
  familyName: string;
  whole: boolean;
  scopes: PowerScope[];
  mayWrite: boolean;
  span: string;
};
const empty: Asked = { number: '', familyName: '', whole: true, scopes: [], mayWrite: false, span: '365' };

type Lacks = Partial<Record<'number' | 'familyName' | 'scopes', true>>;

function lacksOf({ number, familyName, whole, scopes }: Asked): Lacks {
  return {
    ...(/^\d{11}$/.test(number.replaceAll(' ', '')) ? {} : { number: true }),
    ...(familyName.trim() === '' ? { familyName: true } : {}),
    ...(whole || scopes.length > 0 ? {} : { scopes: true }),
  };
}

/** The last day, in Norway. */
function lastDay(span: string): string | undefined {
  if (span === 'open') return undefined;
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' }).format(Date.now() + Number(span) * dayMs);
}

export default function GivePower({ done }: { done: () => void }) {
  const { t } = useTranslation('control');
  const { t: ui } = useTranslation('ui');
  const [asked, setAsked] = useState(empty);
  const [step, setStep] = useState<'write' | 'lacks' | 'confirm'>('write');
  const follows = useFollows(asked);
  const change = useChange();
  const giving = useMutation({
    mutationFn: (body: PowerRequest) =>
      change<NewPowerAnswer>('/api/control/representation', { method: 'POST', body }, ['control', 'record']),
    onSuccess: done,
  });
  const say = (more: Partial<Asked>): void => setAsked((before) => ({ ...before, ...more }));
  const lacks = lacksOf(asked);
  const shown = step === 'lacks' ? lacks : {};
  const next = (event: FormEvent): void => {
    event.preventDefault();
    giving.reset();
    setStep(Object.keys(lacks).length === 0 ? 'confirm' : 'lacks');
  };
  const give = (): void => {
    const until = lastDay(asked.span);
    giving.mutate({
      personNumber: asked.number.replaceAll(' ', ''),
      familyName: asked.familyName.trim(),
      scopes: asked.whole ? [] : asked.scopes,
      mayWrite: asked.mayWrite,
      ...(until === undefined ? {} : { until }),
    });
  };
  return (
    <form onSubmit={next} className="fyr-stack" noValidate aria-label={t('power')}>
      <BodyLong>{t('power-more')}</BodyLong>
      <Who asked={asked} say={say} lacks={shown} />
      <What asked={asked} say={say} isLacking={shown.scopes === true} />
      <Terms asked={asked} say={say} />
      <div className="fyr-row">
        <Button type="submit">{t('power-next')}</Button>
        <Button type="button" variant="tertiary" onClick={done}>
          {ui('cancel')}
        </Button>
      </div>
      {step === 'confirm' && (
        <Confirm
          title={t('power-title')}
          follows={follows}
          action={t('power-do')}
          isPending={giving.isPending}
          onConfirm={give}
          onCancel={() => setStep('write')}
        >
          <Problem error={giving.error} />
        </Confirm>
      )}
    </form>
  );
}

type Part = { asked: Asked; say: (more: Partial<Asked>) => void };

function Who({ asked, say, lacks }: Part & { lacks: Lacks }) {
  const { t } = useTranslation('control');
  return (
    <>
      <TextField
        label={t('power-number')}
        description={t('power-number-more')}
        value={asked.number}
        inputMode="numeric"
        autoComplete="off"
        error={lacks.number && t('power-number-lacks')}
        onChange={(event) => say({ number: event.target.value })}
      />
      <TextField
        label={t('power-name')}
        value={asked.familyName}
        autoComplete="off"
        error={lacks.familyName && t('power-name-lacks')}
        onChange={(event) => say({ familyName: event.target.value })}
      />
    </>
  );
}

/** Only to see or also to act, and for how long. */
function Terms({ asked, say }: Part) {
  const { t } = useTranslation('control');
  return (
    <>
      <RadioGroup
        legend={t('power-may')}
        value={asked.mayWrite ? 'act' : 'see'}
        onChange={(may: string) => say({ mayWrite: may === 'act' })}
      >
        <Radio value="see">{t('power-see')}</Radio>
        <Radio value="act" description={t('power-act-more')}>
          {t('power-act')}
        </Radio>
      </RadioGroup>
      <Select label={t('power-until')} value={asked.span} onChange={(event) => say({ span: event.target.value })}>
        {spans.map((span) => (
          <option key={span} value={span}>
            {t(`power-for-${span}`)}
          </option>
        ))}
      </Select>
    </>
  );
}

type WhatProps = Part & { isLacking: boolean };

function What({ asked, say, isLacking }: WhatProps) {
  const { t } = useTranslation('control');
  return (
    <>
      <RadioGroup
        legend={t('power-what')}
        value={asked.whole ? 'all' : 'parts'}
        onChange={(what: string) => say({ whole: what === 'all' })}
      >
        <Radio value="all">{t('power-all')}</Radio>
        <Radio value="parts">{t('power-parts')}</Radio>
      </RadioGroup>
      {!asked.whole && (
        <CheckboxGroup
          legend={t('power-which')}
          value={asked.scopes}
          onChange={(scopes: PowerScope[]) => say({ scopes })}
          error={isLacking && t('power-which-lacks')}
        >
          {scopeNames.map((scope) => (
            <Checkbox key={scope} value={scope}>
              {t(`scope-${scope}`)}
            </Checkbox>
          ))}
        </CheckboxGroup>
      )}
    </>
  );
}

/** `Nordmo kan se prøvesvar og målinger, til og med 23. november 2027.` */
function useFollows({ familyName, whole, scopes, mayWrite, span }: Asked): string {
  const { t } = useTranslation('control');
  const written = useWritten();
  const until = lastDay(span);
  const what = whole ? t('power-all-said') : written.list(scopes.map((scope) => t(`scope-${scope}`).toLowerCase()));
  const said = t(mayWrite ? 'power-follows-act' : 'power-follows-see', { name: familyName.trim(), what });
  return `${said} ${until === undefined ? t('power-follows-open') : t('power-follows-until', { date: written.date(until) })}`;
}
