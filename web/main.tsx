/** Starts the application: theme, language, data, pages. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { I18nextProvider } from 'react-i18next';
import { RouterProvider } from 'react-router/dom';
import './ui/design.css';
import './ui/fyr.css';
import { createQueries } from './session/queries.ts';
import { startTexts } from './text/texts.ts';
import { DraftsContext } from './ui/draft.ts';
import { createDrafts, forgetOldDrafts } from './ui/drafts.ts';
import { DesignTexts } from './ui/design-texts.tsx';
import { startTheme } from './ui/theme.ts';
import { createPages } from './routes.tsx';

startTheme();
forgetOldDrafts(Date.now());
const queries = createQueries();
const drafts = createDrafts();
const texts = await startTexts();

createRoot(document.querySelector('#page') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <I18nextProvider i18n={texts}>
        <DraftsContext value={drafts}>
          <DesignTexts>
            <RouterProvider router={createPages(queries, texts, drafts)} />
          </DesignTexts>
        </DraftsContext>
      </I18nextProvider>
    </QueryClientProvider>
  </StrictMode>,
);
