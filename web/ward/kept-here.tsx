/** That the ward lies on this device too: until when, how to lock it with the device's own key, and how to take it off. */
import { Button, InlineMessage } from '@navikt/ds-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWritten } from '../text/written.ts';
import { Confirm } from '../ui/confirm.tsx';
import { canHaveDeviceKey } from './device-key.ts';
import { useKeeper } from './keeper-context.ts';

export function KeptHere() {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const { keeper, state } = useKeeper();
  const [canLock, setCanLock] = useState(false);
  const [isWiping, setIsWiping] = useState(false);
  const [lock, setLock] = useState<'none' | 'done' | 'failed'>('none');
  useEffect(() => {
    void canHaveDeviceKey().then(setCanLock);
  }, []);
  const { keptUntil, contact } = state;
  if (keptUntil === undefined) return <p className="fyr-plain fyr-subtle">{t('not-kept')}</p>;
  return (
    <section className="fyr-card fyr-stack" aria-labelledby="kept">
      <h2 id="kept">{t('kept')}</h2>
      <p className="fyr-plain">{t('kept-more', { when: written.when(new Date(keptUntil).toISOString()) })}</p>
      <div className="fyr-row">
        {canLock && contact === 'node' && lock !== 'done' && (
          <Button
            size="small"
            variant="secondary"
            onClick={() => void keeper.lock().then((isDone) => setLock(isDone ? 'done' : 'failed'))}
          >
            {t('lock')}
          </Button>
        )}
        <Button size="small" variant="tertiary" onClick={() => setIsWiping(true)}>
          {t('wipe')}
        </Button>
      </div>
      <div role="status">
        {lock === 'done' && <InlineMessage status="success">{t('lock-done')}</InlineMessage>}
        {lock === 'failed' && <InlineMessage status="warning">{t('lock-failed')}</InlineMessage>}
      </div>
      {isWiping && (
        <Confirm
          title={t('wipe')}
          follows={t(contact === 'node' ? 'wipe-more' : 'wipe-gone')}
          action={t('wipe')}
          isDanger={contact !== 'node'}
          isPending={false}
          onConfirm={() => void keeper.wipe().finally(() => setIsWiping(false))}
          onCancel={() => setIsWiping(false)}
        />
      )}
    </section>
  );
}
