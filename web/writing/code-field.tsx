/** A code found by words in code lists that the node has; where it has none, or none fits, the words stand by themselves. */
import { Button, TextField } from '@navikt/ds-react';
import { queryOptions, useQueries } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ValueSet } from 'fhir/r4';
import { askJson, Refusal } from '../session/ask.ts';
import { codedIn, codedValue, type Coded } from './coded.ts';

const foundMost = 8;

/** Undefined where the node doesn't have the list. */
const codesQuery = (system: string, words: string) =>
  queryOptions({
    queryKey: ['codes', system, words],
    queryFn: async ({ signal }): Promise<Required<Coded>[] | null> => {
      const asked = new URLSearchParams({ url: `${system}?fhir_vs`, filter: words, count: String(foundMost) });
      const { expansion } = await askJson<ValueSet>(`/fhir/ValueSet/$expand?${asked}`, { signal }).catch(noneOfThese);
      if (expansion === undefined) return null;
      return (expansion.contains ?? []).flatMap(({ code, display }) =>
        code === undefined ? [] : [{ system, code, text: display ?? code }],
      );
    },
    enabled: words.length >= 2,
    staleTime: 600_000,
  });

function noneOfThese(error: unknown): Pick<ValueSet, 'expansion'> {
  if (error instanceof Refusal && error.status < 500) return {};
  throw error;
}

type CodeFieldProps = {
  size: 'small';
  label: string;
  systems: readonly string[];
  value: string;
  error: string | undefined;
  write: (value: string) => void;
};

export function CodeField({ size, label, systems, value, error, write }: CodeFieldProps) {
  const { t } = useTranslation('writing');
  const chosen = codedIn(value);
  const [isFinding, setIsFinding] = useState(false);
  const words = useDeferredValue(isFinding ? chosen.text.trim() : '');
  const found = useQueries({ queries: systems.map((system) => codesQuery(system, words)) });
  const codes = found.flatMap(({ data }) => data ?? []).slice(0, foundMost);
  const isAnyHere = systems.length > 0 && found.some(({ data }) => data !== null);
  return (
    <div>
      <TextField
        size={size}
        label={label}
        description={
          chosen.code === undefined ? (isAnyHere ? t('code-hint') : undefined) : t('code-is', { code: chosen.code })
        }
        error={error}
        autoComplete="off"
        maxLength={300}
        value={chosen.text}
        onChange={({ target }) => {
          setIsFinding(true);
          write(target.value);
        }}
      />
      {words.length >= 2 && codes.length > 0 && chosen.code === undefined && (
        <ul className="fyr-plain fyr-codes" aria-label={t('codes-found')}>
          {codes.map((one) => (
            <li key={`${one.system} ${one.code}`}>
              <Button
                type="button"
                size="small"
                variant="tertiary"
                onClick={() => {
                  setIsFinding(false);
                  write(codedValue(one));
                }}
              >
                {one.text} <span className="fyr-subtle">{one.code}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
