import type { Session } from './session.js';

/** The path of a parallel run in an environment, or of something of it. */
export function runPathOf(session: Session, run: string, environment: string, ...more: string[]): Promise<string> {
  return session.pathOf('environments', environment, 'parallel-runs', run, ...more);
}
