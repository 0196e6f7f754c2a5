/** Who has seen: asked for page by page, narrowed by what stands in the address. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { LineKind, MineAnswer } from '#trust/access-log/contract.ts';
import { askJson } from '../session/ask.ts';
import type { Language } from '../text/texts.ts';

/** The parts of the address. */
export type Filters = {
  kind: string;
  days: string;
  who: string;
  /** `everybody` or `others`. */
  by: string;
};

export const kinds: readonly LineKind[] = ['read', 'write', 'share', 'control', 'sign-in', 'log'];
export const periods = ['7', '30', '365'] as const;

export function filtersOf(address: URLSearchParams): Filters {
  const said = (name: string): string => address.get(name) ?? '';
  return { kind: said('kind'), days: said('days'), who: said('who'), by: said('by') || 'others' };
}

const dayMs = 86_400_000;

export const mineQuery = (patient: string | undefined, filters: Filters, language: Language) =>
  infiniteQueryOptions({
    queryKey: ['access-log', patient ?? 'self', filters, language],
    queryFn: ({ signal, pageParam }) =>
      askJson<MineAnswer>(`/api/log/mine?${parametersOf(patient, filters, language, pageParam)}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });

function parametersOf(
  patient: string | undefined,
  { kind, days, who, by }: Filters,
  language: Language,
  cursor: string,
): URLSearchParams {
  const from = days === '' ? '' : new Date(Date.now() - Number(days) * dayMs).toISOString().slice(0, 10);
  const asked = { patient: patient ?? '', kind, who, by, from, cursor, language };
  return new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
}
