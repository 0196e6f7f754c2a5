/** What was captured on this device and is not here any more: what the node has of it, and what nobody can know. */
import { Button } from '@navikt/ds-react';
import { useTranslation } from 'react-i18next';
import { useWritten } from '../text/written.ts';
import { useKeeper } from './keeper-context.ts';

export function LostBand() {
  const { t } = useTranslation('ward');
  const written = useWritten();
  const { keeper, state } = useKeeper();
  const { lines, areKnown } = state.lost;
  if (lines.length === 0 || state.phase !== 'ready') return null;
  return (
    <div className="fyr-band fyr-ward-lost" role="alert">
      <strong>{t('lost', { count: lines.length })}</strong>
      <ul className="fyr-plain">
        {lines.map(({ id, kind, at }) => (
          <li key={id}>
            {t(`kind-${kind}`)}, {written.when(new Date(at).toISOString())}
          </li>
        ))}
      </ul>
      <p className="fyr-plain">{t(areKnown ? 'lost-known' : 'lost-unknown')}</p>
      {areKnown && (
        <Button size="small" variant="secondary" onClick={() => keeper.seeLost()}>
          {t('lost-seen')}
        </Button>
      )}
    </div>
  );
}
