/** Starts the ward's application: its words, what is kept on this device, its pages. It starts without the node. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import '../ui/design.css';
import '../ui/fyr.css';
import './ward.css';
import { addTexts, startTexts } from '../text/texts.ts';
import { DesignTexts } from '../ui/design-texts.tsx';
import { startTheme } from '../ui/theme.ts';
import { createKeeper } from './keeper.ts';
import { KeeperContext } from './keeper-context.ts';
import { openStore } from './store.ts';
import { texts } from './texts.ts';
import { HandedPage } from './handed-page.tsx';
import { PatientPage } from './patient-page.tsx';
import { WardFrame } from './ward-frame.tsx';
import { WardPage } from './ward-page.tsx';
import { WardsPage } from './wards-page.tsx';

startTheme();
const words = await startTexts();
addTexts(words, 'ward', texts);
void navigator.serviceWorker?.register('/ward/worker.js', { scope: '/ward/' }).catch(() => undefined);
const keeper = createKeeper({ store: openStore(indexedDB, localStorage), now: Date.now });
void keeper.start();

const pages = createBrowserRouter(
  [
    {
      element: <WardFrame />,
      children: [
        { index: true, element: <WardsPage /> },
        { path: 'handed', element: <HandedPage /> },
        { path: ':ward', element: <WardPage /> },
        { path: ':ward/:patient', element: <PatientPage /> },
      ],
    },
  ],
  { basename: '/ward' },
);

createRoot(document.querySelector('#page') as HTMLElement).render(
  <StrictMode>
    <I18nextProvider i18n={words}>
      <DesignTexts>
        <KeeperContext value={keeper}>
          <RouterProvider router={pages} />
        </KeeperContext>
      </DesignTexts>
    </I18nextProvider>
  </StrictMode>,
);
