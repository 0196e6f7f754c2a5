/** Who it is, and what can hurt: always in sight. */
import { Heading, Tag } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import type { PatientSheet } from '#continuity/packs/contract.ts';
import { ScoreMark } from './score.tsx';

export function DangerHead({ sheet }: { sheet: PatientSheet }) {
  const { t } = useTranslation('ward');
  const { name, age, sex, number, born, bed, allergies, critical, limits, isolation, score, reason } = sheet;
  return (
    <div className="fyr-ward-head">
      <div>
        <Heading size="medium" level="1">
          {name}
        </Heading>
        <p className="fyr-plain">
          {[age, sex, number].filter(Boolean).join(' · ')} <span className="fyr-subtle">({born})</span>
        </p>
        <p className="fyr-plain">
          <strong>{bed}</strong> {reason && `· ${reason}`} · {t('news')} <ScoreMark score={score} />
        </p>
      </div>
      <ul className="fyr-plain fyr-ward-dangers">
        {allergies.items.map(({ what, reaction, isHigh, isConfirmed, isDisputed }) => (
          <li key={`a ${what}`}>
            <Tag size="small" variant={isHigh ? 'strong' : 'moderate'} data-color={isHigh ? 'danger' : 'warning'}>
              {what}
              {reaction && `: ${reaction}`}
              {!isConfirmed && ` (${t('not-confirmed')})`}
              {isDisputed && ` (${t('disputed')})`}
            </Tag>
          </li>
        ))}
        {allergies.state !== 'recorded' && (
          <li>
            <Nothing label={t('allergies')} state={allergies.state} />
          </li>
        )}
        {[...critical.items, ...isolation.items].map(({ text }) => (
          <li key={text}>
            <Tag size="small" variant="moderate" data-color="warning">
              {text}
            </Tag>
          </li>
        ))}
        {limits.items.map(({ text }) => (
          <li key={text}>
            <Tag size="small" variant="moderate" data-color="meta-purple">
              {text}
            </Tag>
          </li>
        ))}
        {limits.items.length === 0 && limits.state === 'notLoaded' && (
          <li>
            <Nothing label={t('limits')} state="notLoaded" />
          </li>
        )}
      </ul>
    </div>
  );
}

function Nothing({ label, state }: { label: string; state: 'noneKnown' | 'notRecorded' | 'notLoaded' }) {
  const { t } = useTranslation('ward');
  const isGrave = state === 'notLoaded';
  const words = { noneKnown: 'none-known', notRecorded: 'not-recorded', notLoaded: 'not-loaded' }[state];
  return (
    <Tag size="small" variant={isGrave ? 'moderate' : 'outline'} data-color={isGrave ? 'danger' : 'neutral'}>
      {label}: {t(words)}
    </Tag>
  );
}
