import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';
import { type Outcome, outcomeOf } from './outcome.js';
import { isSettled, type ReleaseView } from './release-view.js';
import { isWorthALine, type Look, releaseLine } from './render/release-line.js';
import { apiPath, type Session } from './session.js';

/** How long the server is asked to hold one answer back; the first ones less, for much happens at the start. */
const FIRST_HOLD_MS = 500;
const MOST_HOLD_MS = 10_000;

/**
 * Waits until nothing more happens to a release, or the time is up. Servers that restart and networks that break are
 * sat out. Says in a line what moves.
 */
export async function waitForRelease(
  session: Session,
  first: ReleaseView,
  say: (line: string) => void,
): Promise<Outcome> {
  let release = first;
  let told: Look | undefined;
  for (let holdMs = FIRST_HOLD_MS; ; holdMs = Math.min(MOST_HOLD_MS, holdMs * 2)) {
    const look = { release, at: new Date() };
    if (isWorthALine(told, look)) {
      say(releaseLine(look));
      told = look;
    }
    const leftMs = session.deadline - Date.now();
    if (isSettled(release) || leftMs <= 0) return outcomeOf(release, { isReachable: true });
    try {
      release = await ask(session, release.id, Math.min(holdMs, leftMs));
    } catch (error) {
      const isAway = error instanceof CommandError && error.exitCode === EXIT.couldNotAsk;
      if (isAway) return outcomeOf(release, { isReachable: false });
      throw error;
    }
  }
}

function ask(session: Session, id: string, holdMs: number): Promise<ReleaseView> {
  const timeoutMs = String(Math.floor(holdMs));
  return session.get(`${apiPath('releases', id)}/wait`, { query: { timeoutMs }, holdMs, until: session.deadline });
}
