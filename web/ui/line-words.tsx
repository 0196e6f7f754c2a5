/** What a band says of the line: that the node hears nothing from above, or that the node above hears nothing of the region; and how old what came from there is. */
import { useTranslation } from 'react-i18next';
import type { LineSummary } from '#continuity/line/contract.ts';
import { useWritten } from '../text/written.ts';

/** Whether something is to be said. Null and undefined: of a node without a line nothing is. */
export function isOutOfReach(line: LineSummary | null | undefined): boolean {
  return line?.isCutOff === true || line?.beyond?.isCutOff === true;
}

/** @param isDowntime a band says already since when what is down is down */
export function LineWords({ line, isDowntime }: { line: LineSummary; isDowntime: boolean }) {
  if (line.isCutOff) return <CutOff line={line} isDowntime={isDowntime} />;
  // The hospital above hears nothing of the region, though the ward hears the hospital.
  return line.beyond?.isCutOff ? <Beyond beyond={line.beyond} regionAgeMs={line.regionAgeMs} /> : null;
}

function Beyond({
  beyond: { node, since },
  regionAgeMs,
}: {
  beyond: NonNullable<LineSummary['beyond']>;
  regionAgeMs: number | undefined;
}) {
  const { t } = useTranslation('ui');
  const written = useWritten();
  return (
    <>
      <strong>
        {since === undefined
          ? t('beyond-cut', { node })
          : t('beyond-cut-since', { node, when: written.when(isoOf(since)) })}
      </strong>{' '}
      {regionAgeMs !== undefined && t('region-age', { age: ageOf(regionAgeMs, t) })}
    </>
  );
}

function CutOff({ line: { since, dataAgeMs, backlog }, isDowntime }: { line: LineSummary; isDowntime: boolean }) {
  const { t } = useTranslation('ui');
  const written = useWritten();
  return (
    <>
      {!isDowntime && (
        <strong>{since === undefined ? t('cut-off') : t('cut-off-since', { when: written.when(isoOf(since)) })}</strong>
      )}{' '}
      {t('cut-off-more')} {dataAgeMs !== undefined && t('data-age', { age: ageOf(dataAgeMs, t) })}{' '}
      {backlog > 0 && t('backlog', { count: backlog })}
    </>
  );
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

function ageOf(ms: number, t: (key: string, values: { count: number }) => string): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes < 90 ? t('minutes', { count: minutes }) : t('hours', { count: Math.round(minutes / 60) });
}
