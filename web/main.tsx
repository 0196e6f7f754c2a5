/** Starts the application: language, data, pages. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import '@navikt/ds-css';
import './ui/fyr.css';
import { startTexts } from './text/texts.ts';
import { createQueries } from './session/queries.ts';
import { createPages } from './routes.tsx';

const queries = createQueries();
const texts = await startTexts();

createRoot(document.querySelector('#page') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      {texts.wrap(<RouterProvider router={createPages(queries)} />)}
    </QueryClientProvider>
  </StrictMode>,
);
