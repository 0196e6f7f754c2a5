/** What loaders of pages are handed: the queries that pages share. */
import type { QueryClient } from '@tanstack/react-query';
import { createContext, RouterContextProvider } from 'react-router';

export const queriesContext = createContext<QueryClient>();

export function loadersContext(queries: QueryClient): RouterContextProvider {
  const context = new RouterContextProvider();
  context.set(queriesContext, queries);
  return context;
}
