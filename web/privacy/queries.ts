/** What the privacy officer asks for. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { PeopleAnswer, SearchAnswer, UnusualAnswer, WeeklyReport } from '#trust/access-log/contract.ts';
import type { CaseAnswer } from '#trust/control/contract.ts';
import { askJson } from '../session/ask.ts';
import type { Language } from '../text/texts.ts';

/** What stands in a form or an address; what is empty is not asked for. */
export type Asked = Readonly<Record<string, string>>;

export function parametersOf(asked: Asked): URLSearchParams {
  return new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
}

export type CasesAnswer = { cases: CaseAnswer[]; next?: string };

export const casesQuery = (status: string) =>
  infiniteQueryOptions({
    queryKey: ['privacy', 'cases', status],
    queryFn: ({ signal, pageParam }) =>
      askJson<CasesAnswer>(`/api/control/cases?${parametersOf({ status, cursor: pageParam })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });

export const unusualQuery = (asked: Asked, language: Language) =>
  infiniteQueryOptions({
    queryKey: ['privacy', 'unusual', asked, language],
    queryFn: ({ signal, pageParam }) =>
      askJson<UnusualAnswer>(`/api/log/unusual?${parametersOf({ ...asked, cursor: pageParam, language })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });

export const logQuery = (asked: Asked, language: Language) =>
  infiniteQueryOptions({
    queryKey: ['privacy', 'log', asked, language],
    queryFn: ({ signal, pageParam }) =>
      askJson<SearchAnswer>(`/api/log/search?${parametersOf({ ...asked, cursor: pageParam, language })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });

export const reportQuery = (weeks: string, language: Language) =>
  queryOptions({
    queryKey: ['privacy', 'report', weeks, language],
    queryFn: ({ signal }) => askJson<WeeklyReport>(`/api/log/report?${parametersOf({ weeks, language })}`, { signal }),
    staleTime: 60_000,
  });

/** Who these patients are; asked for together, since each asking is in their logs. */
export const peopleQuery = (patients: readonly string[], csrf: string) =>
  queryOptions({
    queryKey: ['privacy-people', patients],
    queryFn: ({ signal }) =>
      askJson<PeopleAnswer>('/api/log/people', { method: 'POST', body: { patients }, csrf, signal }),
    enabled: patients.length > 0,
    staleTime: 600_000,
  });

/** Who has this number: in the body, since it has no place in an address. */
export function findByNumber(number: string, csrf: string): Promise<PeopleAnswer> {
  return askJson<PeopleAnswer>('/api/log/people', { method: 'POST', body: { number }, csrf });
}
