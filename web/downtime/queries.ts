/** What the pages of downtime and drill ask. */
import { queryOptions } from '@tanstack/react-query';
import type { DowntimeAnswer } from '#continuity/downtime/contract.ts';
import type { Downtime } from '#continuity/downtime/contract.ts';
import type { DrillAnswer, DrillListAnswer, DrillStateAnswer } from '#continuity/drill/contract.ts';
import { askJson } from '../session/ask.ts';

const lookEveryMs = 10_000;

export const downtimesQuery = queryOptions({
  queryKey: ['downtime', 'list'],
  queryFn: ({ signal }) => askJson<{ downtimes: Downtime[] }>('/api/downtime/list', { signal }),
  refetchInterval: lookEveryMs,
});

export const downtimeQuery = (id: string) =>
  queryOptions({
    queryKey: ['downtime', 'one', id],
    queryFn: ({ signal }) => askJson<DowntimeAnswer>(`/api/downtime/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: lookEveryMs,
  });

export const drillQuery = queryOptions({
  queryKey: ['drill', 'now'],
  queryFn: ({ signal }) => askJson<DrillStateAnswer>('/api/drill', { signal }),
  refetchInterval: lookEveryMs / 2,
});

export const drillsQuery = queryOptions({
  queryKey: ['drill', 'list'],
  queryFn: ({ signal }) => askJson<DrillListAnswer>('/api/drill/list', { signal }),
});

export const drillReportQuery = (id: string) =>
  queryOptions({
    queryKey: ['drill', 'one', id],
    queryFn: ({ signal }) => askJson<DrillAnswer>(`/api/drill/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: lookEveryMs,
  });
