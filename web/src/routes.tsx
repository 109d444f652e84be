import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { client } from './api/client.js';
import { present, load } from './api/live-query.js';
import { environmentOf, projectQuery } from './api/project.js';
import { readSession } from './api/session.js';
import { viewerQuery } from './api/viewer.js';
import { forgetOthers } from './components/leave.js';
import { NoPage, PageProblem } from './components/PageProblem.js';
import { ProjectFrame } from './components/ProjectFrame.js';
import { projectScreen, screen } from './components/screen.js';
import { Shell } from './components/Shell.js';
import { pb, withSearch } from './util/path-builder.js';
import type { Search } from './util/search-words.js';

const root = createRootRoute({ component: Outlet });

/** Pages for who is signed in. */
const shell = createRoute({
  id: 'shell',
  getParentRoute: () => root,
  beforeLoad: async ({ location, cause }) => {
    if (cause === 'stay') return;
    const { viewer, isFirstStart } = await readSession();
    if (viewer === null) redirect({ href: isFirstStart ? pb.firstStart() : pb.signIn(location.href), throw: true });
    else forgetOthers(viewer.id);
    await load(client, viewerQuery, {}, 'network-only');
  },
  component: Shell,
});

/** Pages of a project. Their URL always says the environment: a link shows everybody the same. */
const project = createRoute({
  path: 'projects/$project',
  getParentRoute: () => shell,
  beforeLoad: async ({ params, search, location, cause }) => {
    const policy = cause === 'stay' ? 'cache-first' : 'network-only';
    const data = await load(client, projectQuery, { project: params.project }, policy);
    const asked = (search as Search)['environment'];
    const environment = environmentOf(present(data.project), asked);
    await load(client, viewerQuery, { project: params.project, environment: environment || null }, policy);
    if (environment !== (asked ?? ''))
      redirect({ href: withSearch(location.href, { environment }), replace: true, throw: true });
  },
  component: ProjectFrame,
});

/** Without more, the path of a project is that of what people look at first. */
const projectIndex = createRoute({
  path: '/',
  getParentRoute: () => project,
  beforeLoad: ({ params, search }) => {
    const { environment } = search as Search;
    redirect({ href: pb.overview({ ...params, environment }), replace: true, throw: true });
  },
});

// One line for each screen. A page's file exports Page, title, and load where it shows anything of the server's.
const inProject = [
  projectScreen(project, 'overview', () => import('./pages/overview/OverviewPage.js')),
  projectScreen(project, 'releases', () => import('./pages/releases/ReleasesPage.js')),
  projectScreen(project, 'releases/-/new', () => import('./pages/releases/new/NewReleasePage.js')),
  projectScreen(project, 'releases/$release', () => import('./pages/releases/ReleasePage.js')),
  projectScreen(project, 'flags', () => import('./pages/flags/FlagsPage.js')),
  projectScreen(project, 'flags/-/new', () => import('./pages/flags/FlagNewPage.js')),
  projectScreen(project, 'flags/$flag', () => import('./pages/flags/FlagPage.js')),
  projectScreen(project, 'segments', () => import('./pages/segments/SegmentsPage.js')),
  projectScreen(project, 'segments/$segment', () => import('./pages/segments/SegmentPage.js')),
  projectScreen(project, 'policies', () => import('./pages/policies/PoliciesPage.js')),
  projectScreen(project, 'policies/-/new', () => import('./pages/policies/PolicyNewPage.js')),
  projectScreen(project, 'policies/-/presets/$preset', () => import('./pages/policies/PresetPage.js')),
  projectScreen(project, 'policies/$policy', () => import('./pages/policies/PolicyPage.js')),
  projectScreen(project, 'environments', () => import('./pages/environments/EnvironmentsPage.js')),
  projectScreen(project, 'services', () => import('./pages/services/ServicesPage.js')),
  projectScreen(project, 'services/$service', () => import('./pages/services/ServicePage.js')),
  projectScreen(project, 'guardrails', () => import('./pages/guardrails/GuardrailsPage.js')),
  projectScreen(project, 'guardrails/-/new', () => import('./pages/guardrails/GuardrailNewPage.js')),
  projectScreen(project, 'guardrails/$guardrail', () => import('./pages/guardrails/GuardrailPage.js')),
  projectScreen(project, 'parallel-runs', () => import('./pages/parallel-runs/ParallelRunsPage.js')),
  projectScreen(project, 'parallel-runs/$run', () => import('./pages/parallel-runs/ParallelRunPage.js')),
  projectScreen(project, 'audit', () => import('./pages/audit/AuditPage.js')),
  projectScreen(project, 'webhooks', () => import('./pages/webhooks/WebhooksPage.js')),
  projectScreen(project, 'webhooks/$webhook', () => import('./pages/webhooks/WebhookPage.js')),
];

const ofInstance = [
  screen(shell, '/', () => import('./pages/home/HomePage.js')),
  screen(shell, 'access', () => import('./pages/access/AccessPage.js')),
  screen(shell, 'access/people/$person', () => import('./pages/access/PersonPage.js')),
  screen(shell, 'account', () => import('./pages/account/AccountPage.js')),
  screen(shell, 'system', () => import('./pages/system/SystemPage.js')),
];

const signedOut = [
  screen(root, 'sign-in', () => import('./pages/session/SignInPage.js')),
  screen(root, 'first-start', () => import('./pages/session/FirstStartPage.js')),
  screen(root, 'invitation', () => import('./pages/session/InvitationPage.js')),
];

export const router = createRouter({
  routeTree: root.addChildren([
    shell.addChildren([...ofInstance, project.addChildren([projectIndex, ...inProject])]),
    ...signedOut,
  ]),
  // Texts, in the order in which they stand: what a person reads in the address bar.
  parseSearch: (text): Search => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => withSearch('', search as Search), // as parseSearch made it
  defaultErrorComponent: PageProblem,
  defaultNotFoundComponent: NoPage,
  // A page that was left may find its cached answers gone when it is entered again: it waits for its loader.
  defaultStaleReloadMode: 'blocking',
  defaultPendingMs: 400,
  defaultPreload: false,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
