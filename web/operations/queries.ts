/** What the operations room asks of the node: how it is, its lines, a number over time. */
import { queryOptions } from '@tanstack/react-query';
import type { LineState } from '#continuity/line/contract.ts';
import type { HistoryAnswer, NumberName, OperationsAnswer } from '#continuity/operations/contract.ts';
import type { RegionAnswer } from '#continuity/reports/contract.ts';
import type { DevicesAnswer } from '#continuity/ward-browser/contract.ts';
import { askJson, Refusal } from '../session/ask.ts';

const lookEveryMs = 5000;
const minuteMs = 60_000;

export const operationsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: ({ signal }) => askJson<OperationsAnswer>('/api/operations', { signal }),
  refetchInterval: lookEveryMs,
});

/** `null`: this node has no lines. */
export const linesQuery = queryOptions({
  queryKey: ['operations', 'lines'],
  queryFn: async ({ signal }): Promise<LineState | null> => {
    try {
      return await askJson<LineState>('/api/continuity', { signal });
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return null;
      throw error;
    }
  },
  refetchInterval: lookEveryMs,
});

/** This node and those below it, as they told. */
export const regionQuery = queryOptions({
  queryKey: ['operations', 'region'],
  queryFn: ({ signal }) => askJson<RegionAnswer>('/api/operations/region', { signal }),
  refetchInterval: lookEveryMs,
});

export const devicesQuery = queryOptions({
  queryKey: ['operations', 'devices'],
  queryFn: ({ signal }) => askJson<DevicesAnswer>('/api/ward/devices', { signal }),
  refetchInterval: minuteMs,
});

/** @param node one below; undefined: this one */
export const historyQuery = (number: NumberName, hours: number, node?: string) =>
  queryOptions({
    queryKey: ['operations', 'history', number, hours, node],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams({ number, hours: String(hours), ...(node === undefined ? {} : { node }) });
      return askJson<HistoryAnswer>(`/api/operations/${node === undefined ? '' : 'region/'}history?${asked}`, {
        signal,
      });
    },
    staleTime: minuteMs / 2,
    refetchInterval: minuteMs,
  });
