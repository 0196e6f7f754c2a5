/** What asks for somebody now: what it is, what it means for care, what to do. The gravest first. */
import { CheckmarkCircleIcon, ExclamationmarkTriangleIcon, XMarkOctagonIcon } from '@navikt/aksel-icons';
import { Tag } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import type { OperationsAnswer } from '#continuity/operations/contract.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { numberWords } from './number-words.ts';

type Alarm = OperationsAnswer['alarms'][number];

export function Alarms({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useTranslation('operations');
  return (
    <section aria-labelledby="alarms" className="fyr-card fyr-stack">
      <h2 id="alarms">{t('alarms')}</h2>
      {alarms.length === 0 ? (
        <p className="fyr-plain fyr-sign">
          <CheckmarkCircleIcon aria-hidden fontSize="1.25rem" /> {t('alarms-none')}
        </p>
      ) : (
        <ul className="fyr-plain fyr-rows">
          {alarms.map((alarm) => (
            <One key={alarm.code} alarm={alarm} />
          ))}
        </ul>
      )}
    </section>
  );
}

function One({ alarm: { code, severity, value, limit, title, care, action } }: { alarm: Alarm }) {
  const { t } = useTranslation('operations');
  const written = useWritten();
  const language = useLanguage();
  const isCritical = severity === 'critical';
  const Sign = isCritical ? XMarkOctagonIcon : ExclamationmarkTriangleIcon;
  const say = (of: number): string => numberWords(code, of, written, t('hour-sign'));
  return (
    <li className="fyr-alarm">
      <p className="fyr-plain fyr-row fyr-row-middle">
        <Tag
          size="small"
          variant={isCritical ? 'strong' : 'moderate'}
          data-color={isCritical ? 'danger' : 'warning'}
          icon={<Sign aria-hidden />}
        >
          {t(`severity-${severity}`)}
        </Tag>
        <strong>{title[language]}</strong>
        <span className="fyr-subtle">{t('beyond', { value: say(value), limit: say(limit) })}</span>
      </p>
      <dl className="fyr-pairs">
        <dt>{t('for-care')}</dt>
        <dd>{care[language]}</dd>
        <dt>{t('to-do')}</dt>
        <dd>{action[language]}</dd>
      </dl>
    </li>
  );
}
