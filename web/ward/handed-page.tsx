/** Everything that was captured on this device and is not forgotten: what waits, what asks, what is in the record; and what nobody can know. */
import { BodyLong, Heading } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { isOpen } from './captured.ts';
import { useKeeper } from './keeper-context.ts';
import { CaptureList } from './own-captures.tsx';

export function HandedPage() {
  const { t } = useTranslation('ward');
  const { captures } = useKeeper().state;
  const open = captures.filter(isOpen);
  const done = captures.filter((one) => !isOpen(one));
  return (
    <>
      <title>{t('handed')}</title>
      <Heading size="large" level="1">
        {t('handed')}
      </Heading>
      <section className="fyr-card" aria-labelledby="open">
        <h2 id="open">{t('handed-open')}</h2>
        {open.length === 0 ? <p className="fyr-plain">{t('handed-none')}</p> : <CaptureList captures={open} hasNames />}
      </section>
      {done.length > 0 && (
        <section className="fyr-card" aria-labelledby="done">
          <h2 id="done">{t('handed-done')}</h2>
          <CaptureList captures={done} hasNames />
        </section>
      )}
      <BodyLong className="fyr-subtle">{t('handed-unknown')}</BodyLong>
    </>
  );
}
