/** The code by which a node joins, told once, with what is done with it. */
import { BodyLong, Button, CopyButton } from '@navikt/ds-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CodeAnswer } from '#continuity/registry/contract.ts';
import { useWritten } from '../text/written.ts';

export function CodeTold({ told, onClose }: { told: CodeAnswer; onClose: () => void }) {
  const { t } = useTranslation('nodes');
  const written = useWritten();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { node, tier, below, places, code, until, address } = told;
  const where = address ?? t('address-of', { below });
  const command = `npx fyr join ${where} ${code}`;
  return (
    <section aria-labelledby="code" className="fyr-card fyr-stack fyr-card-accent">
      <h2 id="code" ref={heading} tabIndex={-1}>
        {t('code-of', { node })}
      </h2>
      <BodyLong>
        {t('named-as', { node, tier: t(`tier-${tier}`), below })} {t('places-of', { count: places })}
      </BodyLong>
      <p className="fyr-plain fyr-told-code">{code}</p>
      <BodyLong>{t('code-until', { time: written.time(new Date(until).toISOString()) })}</BodyLong>
      <div>
        <p className="fyr-plain">{t('code-do', { node, tier: t(`tier-${tier}`) })}</p>
        <pre className="fyr-command">
          <code>{`FYR_ROLE=${tier} FYR_NODE=${node} ${command}`}</code>
        </pre>
      </div>
      <div className="fyr-row">
        <CopyButton copyText={code} text={t('copy')} activeText={t('copied')} size="small" />
        <Button size="small" variant="tertiary" onClick={onClose}>
          {t('code-noted')}
        </Button>
      </div>
    </section>
  );
}
