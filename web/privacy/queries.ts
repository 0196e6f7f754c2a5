/** What the privacy officer asks for. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { SearchAnswer } from '#trust/access-log/contract.ts';
import type { CaseAnswer } from '#trust/control/contract.ts';
import { askJson } from '../session/ask.ts';
import type { Language } from '../text/texts.ts';

/** What stands in a form or an address; what is empty is not asked for. */
export type Asked = Readonly<Record<string, string>>;

export function parametersOf(asked: Asked): URLSearchParams {
  return new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
}

/** One person's accesses to one patient on one day that look unusual, as `GET /api/log/unusual` tells them. */
export type UnusualFinding = {
  day: string;
  who: string;
  name: string;
  patient?: string;
  score: number;
  reasons: { rule: string; words: string }[];
  entries: number;
};
type UnusualAnswer = { findings: UnusualFinding[]; next?: string };

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
