import type { Counts } from './counters.js';
import type { ShadowSettings } from './settings.js';

/** How a proxy is. */
export interface HealthFacts {
  readonly settings: Pick<ShadowSettings, 'run' | 'methods' | 'ignoredHeaders'>;
  readonly isDraining: boolean;
  /** Of the connection to the control plane; `local` without one. */
  readonly state: string;
  readonly counts: Counts;
  /** What failed of the run without any caller's seeing it, by operation. */
  readonly faults: Readonly<Record<string, number>>;
}

const PATH = '/__sluice/health';

/** What the admin port answers at a path: 503 while the proxy is about to end, so that nobody sends it more. */
export function healthOf(
  path: string,
  { settings, isDraining, state, counts, faults }: HealthFacts,
): { readonly status: number; readonly body: string } {
  if (path.split('?', 1)[0] !== PATH) {
    return { status: 404, body: JSON.stringify({ title: 'Not Found', status: 404, detail: `There is ${PATH}.` }) };
  }
  const { run, methods, ignoredHeaders } = settings;
  const body = {
    status: isDraining ? 'draining' : 'ok',
    run,
    controlPlane: state,
    methods: [...methods],
    // What is never compared reads as the run's own rules do.
    rules: [...ignoredHeaders].map((name) => ({ kind: 'ignore', path: pathOf(name) })),
    counts,
    faults,
  };
  return { status: isDraining ? 503 : 200, body: JSON.stringify(body) };
}

function pathOf(header: string): string {
  return /^\w+$/.test(header) ? `$.headers.${header}` : `$.headers['${header}']`;
}
