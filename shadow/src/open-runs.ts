import { createClient, createParallelRuns, type Logger, type ParallelRunner } from '@sluice/sdk';
import type { ShadowSettings } from './settings.js';

/** Where parallel runs are decided, and what they came to goes. */
export interface OpenRuns {
  readonly runner: ParallelRunner;
  /** For people: `ready` of a control plane that answers, `local` without one. */
  readonly state: () => string;
  /** Reports what is left, and ends. Never rejects. */
  close(): Promise<void>;
}

const REPORT_MS = 10_000;
const SHARE_OF_TWINS = 50_000;
const CANDIDATES_AT_WORK = 100;

/**
 * Connects to the control plane, which sets the run up; it answers within seconds, also when that is away. Without one,
 * the run is what the settings say, and `report` is handed what it came to, as the control plane would be.
 */
export async function openRuns(
  settings: ShadowSettings,
  { logger, report }: { readonly logger: Logger; readonly report: (reports: readonly object[]) => void },
): Promise<OpenRuns> {
  const { source } = settings;
  if (source.kind === 'controlPlane') {
    const client = await createClient({ url: source.url, token: source.token, logger });
    return { runner: client, state: () => client.state, close: () => client.close() };
  }
  const { share } = source;
  const run = { share, maxConcurrent: CANDIDATES_AT_WORK, twinShare: SHARE_OF_TWINS };
  const runs = createParallelRuns({ runs: { [settings.run]: run }, logger });
  const tell = (): void => {
    const reports = runs.takeReports();
    if (reports.length > 0) report(reports);
  };
  const timer = setInterval(tell, REPORT_MS).unref();
  const close = async (): Promise<void> => {
    clearInterval(timer);
    runs.close();
    tell();
  };
  return { runner: runs, state: () => 'local', close };
}
