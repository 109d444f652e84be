import { CommandError } from './command-error.js';
import { type Outcome, outcomeOfError } from './outcome.js';
import type { ReleaseView } from './release-view.js';
import { type ReportOptions, writeReports } from './reports.js';
import type { Session } from './session.js';
import { waitForRelease } from './wait-for-release.js';
import { watchRelease } from './watch-release.js';

/** Follows a release to its end, leaves reports and ends with its code. Stopping the command leaves the release alone. */
export async function followRelease(
  session: Session,
  release: ReleaseView,
  { reports, isLive }: { readonly reports: ReportOptions; readonly isLive: boolean },
): Promise<void> {
  const isDrawn = isLive && session.terminal.isScreen && !session.isJson;
  const say = (line: string): void => (session.isJson ? session.note(line) : session.terminal.out(`${line}\n`));
  try {
    const outcome = await (isDrawn ? watchRelease(session, release) : waitForRelease(session, release, say));
    await finish(session, outcome, reports);
  } catch (error) {
    if (session.terminal.interrupted.aborted) {
      session.note(
        `Release ${release.id} goes on without this command: it was neither aborted nor rolled back.\n` +
          `See it again: sluice watch ${release.id}    Give it up: sluice abort ${release.id} --reason …`,
      );
    }
    throw error;
  }
}

/** Says how it ended, leaves reports, and remembers the exit code. */
async function finish(session: Session, outcome: Outcome, reports: ReportOptions): Promise<void> {
  for (const line of await writeReports(reports, outcome)) session.note(line);
  const { release, exitCode, sentence } = outcome;
  session.exitCode = exitCode;
  session.print({ ...release, exitCode }, [sentence]);
}

/** Leaves reports of a release that never came about; the error is told as ever. */
export async function reportRefusal(session: Session, error: unknown, reports: ReportOptions): Promise<void> {
  if (!(error instanceof CommandError)) return;
  for (const line of await writeReports(reports, outcomeOfError(error))) session.note(line);
}
