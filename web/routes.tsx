/** Every address of the pages. What a page needs is there before it draws; each feature is loaded when it is first opened. */
import type { QueryClient } from '@tanstack/react-query';
import { createBrowserRouter } from 'react-router';
import { sessionQuery } from './session/queries.ts';
import { HomePage } from './home/home-page.tsx';
import { Frame } from './ui/frame.tsx';
import { NotThere, WentWrong } from './ui/trouble.tsx';

export function createPages(queries: QueryClient): ReturnType<typeof createBrowserRouter> {
  return createBrowserRouter([
    {
      element: <Frame />,
      errorElement: <WentWrong />,
      loader: () => queries.ensureQueryData(sessionQuery),
      hydrateFallbackElement: <></>,
      children: [
        { index: true, element: <HomePage /> },
        { path: '*', element: <NotThere /> },
      ],
    },
  ]);
}
