/** The queue's jobs, the backups that were made, and what the node says of their age. */
import { queryOptions } from '@tanstack/react-query';
import type { BackupsAnswer, JobsAnswer, OperationsAnswer } from '#continuity/operations/contract.ts';
import { askJson } from '../session/ask.ts';

const lookEveryMs = 5000;
const minuteMs = 60_000;

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => askJson<JobsAnswer>('/api/operations/jobs', { signal }),
  refetchInterval: lookEveryMs,
});

export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: ({ signal }) => askJson<BackupsAnswer>('/api/operations/backups', { signal }),
  refetchInterval: minuteMs,
});

/** The same as the operations room asks. */
export const alarmsQuery = queryOptions({
  queryKey: ['operations'],
  queryFn: ({ signal }) => askJson<OperationsAnswer>('/api/operations', { signal }),
  refetchInterval: minuteMs,
});
