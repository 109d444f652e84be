/**
 * Every path of the application. Keys are encoded: those of flags may hold slashes and colons. The environment is part of
 * what a link says, so that whoever gets it sees the same.
 */
export interface InProject {
  readonly project: string;
  readonly environment?: string | undefined;
}

const list = (segment: string) => (at: InProject) => inProject(at, segment);
const item = (segment: string) => (at: InProject, key: string) => inProject(at, segment, key);
const itemNew = (segment: string) => (at: InProject) => inProject(at, segment, '-', 'new');

export const pb = {
  home: () => '/',
  signIn: (to?: string) => (to === undefined || to === '/' ? '/sign-in' : `/sign-in?${query({ to })}`),
  firstStart: () => '/first-start',
  access: () => '/access',
  person: (id: string) => path('access', 'people', id),
  account: () => '/account',
  system: () => '/system',
  overview: list('overview'),
  releases: list('releases'),
  release: item('releases'),
  releaseNew: itemNew('releases'),
  flags: list('flags'),
  flag: item('flags'),
  flagNew: itemNew('flags'),
  segments: list('segments'),
  segment: item('segments'),
  services: list('services'),
  service: item('services'),
  policies: list('policies'),
  policy: item('policies'),
  policyNew: itemNew('policies'),
  policyPreset: (at: InProject, key: string) => inProject(at, 'policies', '-', 'presets', key),
  guardrails: list('guardrails'),
  guardrail: item('guardrails'),
  guardrailNew: itemNew('guardrails'),
  environments: list('environments'),
  parallelRuns: list('parallel-runs'),
  parallelRun: item('parallel-runs'),
  audit: list('audit'),
  webhooks: list('webhooks'),
  webhook: item('webhooks'),
};

/** The same path with other words behind the question mark; what is undefined or empty is left out. */
export function withSearch(base: string, search: Readonly<Record<string, string | undefined>>): string {
  const [pathname = '', given = ''] = base.split('?');
  const words = query({ ...Object.fromEntries(new URLSearchParams(given)), ...search });
  return words === '' ? pathname : `${pathname}?${words}`;
}

function inProject({ project, environment }: InProject, ...segments: readonly string[]): string {
  return withSearch(path('projects', project, ...segments), { environment });
}

function path(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

function query(words: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(words).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  );
  return new URLSearchParams(said).toString();
}
