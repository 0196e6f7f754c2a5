/** The names of the patients on a page, asked for once for all of them. */
import { useQueries } from '@tanstack/react-query';
import { createContext, useContext, type ReactNode } from 'react';
import type { PersonAnswer } from '#trust/access-log/contract.ts';
import { useSignedIn } from '../session/queries.ts';
import { peopleQuery } from './queries.ts';

const Known = createContext<ReadonlyMap<string, PersonAnswer>>(new Map());

const askedMost = 100;

export function People({ patients, children }: { patients: readonly (string | undefined)[]; children: ReactNode }) {
  const csrf = useSignedIn()?.csrf ?? '';
  const ids = [...new Set(patients.filter((one) => one !== undefined))];
  const parts = Array.from({ length: Math.ceil(ids.length / askedMost) }, (_, at) =>
    ids.slice(at * askedMost, (at + 1) * askedMost),
  );
  const answers = useQueries({ queries: parts.map((part) => peopleQuery(part, csrf)) });
  const known = new Map(answers.flatMap(({ data }) => data?.people ?? []).map((one) => [one.patient, one]));
  return <Known value={known}>{children}</Known>;
}

export function usePerson(patient: string): PersonAnswer | undefined {
  return useContext(Known).get(patient);
}
