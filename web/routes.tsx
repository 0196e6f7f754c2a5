/** Every address of the pages. What a page needs is there before it draws; each feature is loaded, with its words, when it is first opened. */
import type { QueryClient } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { lazy } from 'react';
import {
  createBrowserRouter,
  redirectDocument,
  type LoaderFunctionArgs,
  type RouteObject,
  type ShouldRevalidateFunctionArgs,
} from 'react-router';
import type { DraftKeys } from '#trust/encryption/contract.ts';
import { HomePage, homeLoader } from './home/home-page.tsx';
import { askJson } from './session/ask.ts';
import { loadersContext } from './session/context.ts';
import { sessionQuery } from './session/queries.ts';
import { addTexts, type Texts } from './text/texts.ts';
import type { DraftsHolder } from './ui/drafts.ts';
import { BareTrouble, Frame } from './ui/frame.tsx';
import { NotThere, WentWrong } from './ui/trouble.tsx';

type Page = { Component: () => React.ReactNode; loader?: Loader };
type Feature = {
  name: string;
  texts: () => Promise<{ texts: Texts }>;
  /** For those too who have not signed in. */
  isOpen?: boolean;
};

export function createPages(
  queries: QueryClient,
  texts: i18n,
  drafts: DraftsHolder,
): ReturnType<typeof createBrowserRouter> {
  const page =
    ({ name, texts: loadTexts, isOpen }: Feature, load: () => Promise<Page>) =>
    async () => {
      const [feature, { Component, loader }] = await Promise.all([loadTexts(), load()]);
      addTexts(texts, name, feature.texts);
      return { Component, loader: isOpen === true ? noLoader : forTheSignedIn(queries, loader) };
    };
  return createBrowserRouter(
    [
      {
        element: <Frame palette={palette} />,
        errorElement: <BareTrouble />,
        loader: () => openDrafts(queries, drafts),
        hydrateFallbackElement: <></>,
        children: [{ errorElement: <WentWrong />, children: [...pagesOf(page), { path: '*', element: <NotThere /> }] }],
      },
    ],
    { getContext: () => loadersContext(queries) },
  );
}

/** Who is signed in, with what they began to write. */
async function openDrafts(queries: QueryClient, drafts: DraftsHolder): Promise<null> {
  const session = await queries.ensureQueryData(sessionQuery);
  const hasDuty = session.signedIn && (session.kind === 'citizen' || session.role !== undefined);
  await drafts.open(hasDuty ? session.id : undefined, () => askJson<DraftKeys>('/api/session/draft-keys'));
  return null;
}

type Loader = (input: LoaderFunctionArgs) => Promise<null> | null;

/** What is for everybody asks nothing before it draws. */
const noLoader: Loader = () => null;

/** Who has not signed in does so first, and comes back. */
function forTheSignedIn(queries: QueryClient, load: Loader | undefined): Loader {
  return async (input) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (session.signedIn) return load === undefined ? null : load(input);
    const { pathname, search } = new URL(input.request.url);
    throw redirectDocument(`/sign-in?${new URLSearchParams({ to: pathname + search })}`);
  };
}

const palette = lazy(() => import('./palette/palette.tsx'));

const isAnother = ({ currentParams, nextParams }: ShouldRevalidateFunctionArgs): boolean =>
  currentParams['patient'] !== nextParams['patient'];

const accessLog: Feature = { name: 'access-log', texts: () => import('./access-log/texts.ts') };
const control: Feature = { name: 'control', texts: () => import('./control/texts.ts') };
const patients: Feature = { name: 'patients', texts: () => import('./patients/texts.ts') };
const chart: Feature = { name: 'chart', texts: () => import('./chart/texts.ts') };
const results: Feature = { name: 'results', texts: () => import('./results/texts.ts') };
const operations: Feature = { name: 'operations', texts: () => import('./operations/texts.ts') };
const nodes: Feature = { name: 'nodes', texts: () => import('./nodes/texts.ts') };
const upkeep: Feature = { name: 'upkeep', texts: () => import('./upkeep/texts.ts') };
const downtime: Feature = { name: 'downtime', texts: () => import('./downtime/texts.ts') };
const medicines: Feature = { name: 'medicines', texts: () => import('./medicines/texts.ts') };
const documents: Feature = { name: 'documents', texts: () => import('./documents/texts.ts') };
const search: Feature = { name: 'search', texts: () => import('./search/texts.ts') };
const classification: Feature = { name: 'classification', texts: () => import('./classification/texts.ts') };
const timeline: Feature = { name: 'timeline', texts: () => import('./timeline/texts.ts') };
const conflicts: Feature = { name: 'conflicts', texts: () => import('./conflicts/texts.ts') };
const writing: Feature = { name: 'writing', texts: () => import('./writing/texts.ts') };
const paper: Feature = { name: 'paper', texts: () => import('./paper/texts.ts') };
const work: Feature = { name: 'work', texts: () => import('./work/texts.ts') };
const health: Feature = { name: 'health', texts: () => import('./health/texts.ts') };
const carry: Feature = { name: 'carry', texts: () => import('./carry/texts.ts') };
const shared: Feature = { name: 'shared', texts: () => import('./shared/texts.ts'), isOpen: true };
const privacy: Feature = { name: 'privacy', texts: () => import('./privacy/texts.ts') };

type MakePage = (feature: Feature, load: () => Promise<Page>) => () => Promise<Page>;

function pagesOf(page: MakePage): RouteObject[] {
  return [
    { index: true, element: <HomePage />, loader: homeLoader },
    { path: 'access-log', lazy: page(accessLog, () => import('./access-log/access-log-page.tsx')) },
    { path: 'control', lazy: page(control, () => import('./control/control-page.tsx')) },
    { path: 'shared', lazy: page(shared, () => import('./shared/shared-page.tsx')) },
    { path: 'take-with-me', lazy: page(carry, () => import('./carry/carry-page.tsx')) },
    {
      path: 'health',
      lazy: page(health, () => import('./health/health-frame.tsx')),
      children: [
        { index: true, lazy: page(health, () => import('./health/summary-page.tsx')) },
        { path: 'results', lazy: page(health, () => import('./health/results-page.tsx')) },
        { path: 'measurements', lazy: page(health, () => import('./health/measurements-page.tsx')) },
        { path: 'medicines', lazy: page(health, () => import('./health/medicines-page.tsx')) },
        { path: 'vaccinations', lazy: page(health, () => import('./health/vaccinations-page.tsx')) },
        { path: 'documents', lazy: page(health, () => import('./health/documents-page.tsx')) },
        { path: 'appointments', lazy: page(health, () => import('./health/appointments-page.tsx')) },
        { path: 'contacts', lazy: page(health, () => import('./health/contacts-page.tsx')) },
      ],
    },
    { path: 'patients', lazy: page(patients, () => import('./patients/patients-page.tsx')) },
    {
      path: 'patients/:patient',
      lazy: page(chart, () => import('./chart/patient-frame.tsx')),
      // What stands behind the question mark is how it is looked at: nothing is asked anew for that.
      shouldRevalidate: isAnother,
      children: [
        { index: true, lazy: page(chart, () => import('./chart/overview-page.tsx')) },
        { path: 'results', lazy: page(results, () => import('./results/results-page.tsx')) },
        { path: 'measurements', lazy: page(results, () => import('./results/measurements-page.tsx')) },
        { path: 'medicines', lazy: page(medicines, () => import('./medicines/medicines-page.tsx')) },
        { path: 'documents/upload', lazy: page(documents, () => import('./documents/upload-page.tsx')) },
        { path: 'documents/:document?', lazy: page(documents, () => import('./documents/documents-page.tsx')) },
        { path: 'search', lazy: page(search, () => import('./search/search-page.tsx')) },
        { path: 'timeline', lazy: page(timeline, () => import('./timeline/timeline-page.tsx')) },
        { path: 'orders', lazy: page(work, () => import('./work/orders-page.tsx')) },
        { path: 'write/:form?', lazy: page(writing, () => import('./writing/write-page.tsx')) },
        { path: 'log', lazy: page(chart, () => import('./chart/log-page.tsx')) },
      ].map((one: RouteObject) => Object.assign(one, { shouldRevalidate: isAnother })),
    },
    { path: 'work', lazy: page(work, () => import('./work/work-page.tsx')) },
    { path: 'search', lazy: page(search, () => import('./search/search-page.tsx')) },
    { path: 'classification', lazy: page(classification, () => import('./classification/classification-page.tsx')) },
    { path: 'operations', lazy: page(operations, () => import('./operations/operations-page.tsx')) },
    { path: 'operations/quarantine', lazy: page(upkeep, () => import('./upkeep/quarantine-page.tsx')) },
    { path: 'operations/nodes', lazy: page(nodes, () => import('./nodes/nodes-page.tsx')) },
    { path: 'operations/jobs', lazy: page(upkeep, () => import('./upkeep/jobs-page.tsx')) },
    { path: 'operations/backups', lazy: page(upkeep, () => import('./upkeep/backups-page.tsx')) },
    { path: 'downtime', lazy: page(downtime, () => import('./downtime/downtime-page.tsx')) },
    { path: 'downtime/:downtime', lazy: page(downtime, () => import('./downtime/one-downtime-page.tsx')) },
    { path: 'drill', lazy: page(downtime, () => import('./downtime/drill-page.tsx')) },
    { path: 'conflicts', lazy: page(conflicts, () => import('./conflicts/conflicts-page.tsx')) },
    { path: 'conflicts/:conflict', lazy: page(conflicts, () => import('./conflicts/conflict-page.tsx')) },
    { path: 'paper', lazy: page(paper, () => import('./paper/paper-page.tsx')) },
    { path: 'paper/:code', lazy: page(paper, () => import('./paper/form-page.tsx')) },
    { path: 'privacy/cases', lazy: page(privacy, () => import('./privacy/cases-page.tsx')) },
    { path: 'privacy/unusual', lazy: page(privacy, () => import('./privacy/unusual-page.tsx')) },
    { path: 'privacy/report', lazy: page(privacy, () => import('./privacy/report-page.tsx')) },
    { path: 'privacy/log', lazy: page(privacy, () => import('./privacy/log-page.tsx')) },
  ];
}
