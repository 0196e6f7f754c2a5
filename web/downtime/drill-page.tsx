/** To practise: what can be taken away here, the clock while it is away, what people note, and the reports of earlier drills. */
import { BodyLong, Button, Heading, Radio, RadioGroup, TextField } from '@navikt/ds-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LoaderFunctionArgs } from 'react-router';
import type { DrillAnswer, DrillStateAnswer } from '#continuity/drill/contract.ts';
import { queriesContext } from '../session/context.ts';
import { useChange, useSignedIn } from '../session/queries.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Problem } from '../ui/problem.tsx';
import { EarlierDrills } from './earlier-drills.tsx';
import { drillQuery } from './queries.ts';
import { RunningDrill } from './running-drill.tsx';
import '../ui/rooms.css';

export async function loader({ context }: LoaderFunctionArgs): Promise<null> {
  await context.get(queriesContext).prefetchQuery(drillQuery);
  return null;
}

export function Component() {
  const { t } = useTranslation('downtime');
  const query = useQuery(drillQuery);
  const isOperator = useSignedIn()?.role?.duty === 'operator';
  return (
    <div className="fyr-stack">
      <title>{t('drill')}</title>
      <Heading size="large" level="1">
        {t('drill')}
      </Heading>
      <BodyLong className="fyr-narrow-left">{t('drill-lead')}</BodyLong>
      <Loaded query={query}>
        {({ drill, at, scenarios }) => (
          <>
            {drill !== undefined && <RunningDrill drill={drill} at={at} />}
            {drill === undefined && isOperator && <BeginDrill scenarios={scenarios} />}
            {drill === undefined && !isOperator && <p className="fyr-plain">{t('drill-none')}</p>}
          </>
        )}
      </Loaded>
      <EarlierDrills />
    </div>
  );
}

const minutesMost = 240;

function BeginDrill({ scenarios }: Pick<DrillStateAnswer, 'scenarios'>) {
  const { t } = useTranslation('downtime');
  const language = useLanguage();
  const written = useWritten();
  const [scenario, setScenario] = useState('');
  const [minutes, setMinutes] = useState('15');
  const [isChecked, setIsChecked] = useState(false);
  const [isAsked, setIsAsked] = useState(false);
  const count = Number(minutes);
  const isMinutes = Number.isInteger(count) && count >= 1 && count <= minutesMost;
  const possible = scenarios.filter(({ elsewhere }) => elsewhere === undefined);
  const others = scenarios.filter((one) => !possible.includes(one));
  const chosen = scenarios.find((one) => one.scenario === scenario);
  return (
    <form
      className="fyr-card fyr-stack"
      noValidate
      aria-labelledby="begin-drill"
      onSubmit={(event) => {
        event.preventDefault();
        setIsChecked(true);
        if (chosen !== undefined && isMinutes) setIsAsked(true);
      }}
    >
      <h2 id="begin-drill">{t('drill-begin')}</h2>
      <RadioGroup
        legend={t('drill-scenario')}
        value={scenario}
        onChange={setScenario}
        error={isChecked && chosen === undefined && t('drill-scenario-lacks')}
      >
        {possible.map(({ scenario: name, title, happens }) => (
          <Radio key={name} value={name} description={happens[language]}>
            {title[language]}
          </Radio>
        ))}
      </RadioGroup>
      {others.length > 0 && (
        <p className="fyr-plain fyr-subtle">
          {t('drill-elsewhere', { titles: written.list(others.map(({ title }) => title[language])) })}
        </p>
      )}
      <TextField
        label={t('drill-minutes')}
        description={t('drill-minutes-more', { most: minutesMost })}
        inputMode="numeric"
        className="fyr-short"
        value={minutes}
        onChange={(event) => setMinutes(event.target.value.trim())}
        error={isChecked && !isMinutes && t('drill-minutes-wrong', { most: minutesMost })}
      />
      <div>
        <Button type="submit">{t('drill-begin-action')}</Button>
      </div>
      {isAsked && chosen !== undefined && (
        <ReallyBegin chosen={chosen} minutes={count} onDone={() => setIsAsked(false)} />
      )}
    </form>
  );
}

type ReallyBeginProps = { chosen: DrillStateAnswer['scenarios'][number]; minutes: number; onDone: () => void };

function ReallyBegin({ chosen: { scenario, title, happens }, minutes, onDone }: ReallyBeginProps) {
  const { t } = useTranslation('downtime');
  const language = useLanguage();
  const change = useChange();
  const begin = useMutation({
    mutationFn: () =>
      change<DrillAnswer>('/api/drill', { method: 'POST', body: { scenario, minutes } }, ['drill', 'downtime']),
    onSuccess: onDone,
  });
  return (
    <Confirm
      title={t('drill-confirm', { title: title[language] })}
      follows={`${happens[language]} ${t('drill-confirm-more', { count: minutes })}`}
      action={t('drill-begin-action')}
      isDanger
      isPending={begin.isPending}
      onConfirm={() => begin.mutate()}
      onCancel={onDone}
    >
      <Problem error={begin.error} />
    </Confirm>
  );
}
