/** On every page of those who work: what is down, since when, what still works and how old what is shown can be. Nothing while all is well. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { BannerAnswer } from '#continuity/downtime/contract.ts';
import type { LineSummary } from '#continuity/line/contract.ts';
import { askJson, Refusal } from '../session/ask.ts';
import { useSignedIn } from '../session/queries.ts';
import { useLanguage } from '../text/texts.ts';
import { useWritten } from '../text/written.ts';
import { isOutOfReach, LineWords } from './line-words.tsx';

const askedEachMs = 10_000;

/** Null on a node that has no line. */
export const lineQuery = queryOptions({
  queryKey: ['line'],
  queryFn: ({ signal }) =>
    askJson<LineSummary>('/api/continuity/summary', { signal }).catch((error: unknown) => {
      if (error instanceof Refusal && error.status === 404) return null;
      throw error;
    }),
  // A node without a line gets none while it runs.
  refetchInterval: ({ state }) => (state.data === null ? false : askedEachMs),
  staleTime: askedEachMs / 2,
});

const downtimeQuery = queryOptions({
  queryKey: ['downtime'],
  queryFn: ({ signal }) => askJson<BannerAnswer>('/api/downtime', { signal }),
  refetchInterval: askedEachMs * 3,
  staleTime: askedEachMs,
});

export function LineBand() {
  const session = useSignedIn();
  return session?.kind === 'personnel' ? <Bands /> : null;
}

function Bands() {
  const { t } = useTranslation('ui');
  const language = useLanguage();
  const written = useWritten();
  const line = useQuery(lineQuery);
  const { data: banner } = useQuery(downtimeQuery);
  const downtime = banner?.downtime;
  const isNodeGone = line.error !== null && !(line.error instanceof Refusal);
  const drill = banner?.drill;
  return (
    <>
      {drill && (
        <p className="fyr-band fyr-band-acting fyr-plain" role="status">
          <strong>{t('drill', { title: drill.title[language] })}</strong>{' '}
          {t('drill-more', { time: written.time(isoOf(drill.until)) })} <Link to="/drill">{t('drill-see')}</Link>
        </p>
      )}
      {(isNodeGone || isOutOfReach(line.data) || downtime !== undefined) && (
        <div className="fyr-band fyr-band-warning" role="status">
          {isNodeGone && <strong>{t('node-gone')}</strong>}
          {downtime && (
            <>
              <strong>{downtime.title[language]}</strong> {t('since', { when: written.when(isoOf(downtime.began)) })}.{' '}
              {downtime.status[language]} {downtime.care[language]} <Link to="/downtime">{t('downtime-see')}</Link>{' '}
            </>
          )}
          {line.data && <LineWords line={line.data} isDowntime={downtime !== undefined} />}
        </div>
      )}
    </>
  );
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
