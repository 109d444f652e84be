import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from './command-error.js';
import { followEvents } from './event-stream.js';
import { EXIT } from './exit-code.js';
import { type Outcome, outcomeOf } from './outcome.js';
import { isSettled, type Page, type ReleaseView } from './release-view.js';
import { fitScreen } from './render/fit-screen.js';
import { renderRelease } from './render/render-release.js';
import { Screen } from './screen.js';
import { apiPath, type Session } from './session.js';

/** Events are what wakes it; this is for what is no event, such as figures, and for events that never came. */
const LOOK_AGAIN_MS = 2_000;

/** Shows a release on a screen as it moves, until it is over or the time is up. */
export async function watchRelease(session: Session, first: ReleaseView): Promise<Outcome> {
  const closing = new AbortController();
  const stop = AbortSignal.any([closing.signal, session.terminal.interrupted]);
  const alarm = new Alarm();
  const following = follow(session, first, () => alarm.ring(), stop);
  const screen = new Screen(session.terminal);
  let release = first;
  let earlier = first;
  let lostSince: Date | undefined;
  try {
    for (;;) {
      if (!isSameStep(earlier, release)) earlier = release;
      const now = new Date();
      const scene = { now, palette: session.palette, lostSince, earlier: earlier === first ? undefined : earlier };
      screen.draw(fitScreen(renderRelease(release, scene), session.terminal.size()));
      const leftMs = session.deadline - now.getTime();
      if (isSettled(release) || leftMs <= 0) return outcomeOf(release, { isReachable: lostSince === undefined });
      await alarm.wait(Math.min(LOOK_AGAIN_MS, leftMs), session.terminal.interrupted);
      const found = await lookAgain(session, release.id);
      lostSince = found === undefined ? (lostSince ?? now) : undefined;
      release = found ?? release;
    }
  } finally {
    closing.abort();
    await following;
  }
}

/** The release as it is now; undefined while Sluice cannot be asked. */
async function lookAgain(session: Session, id: string): Promise<ReleaseView | undefined> {
  try {
    // Without patience: the picture says that there is no answer, and it is tried again.
    return await session.get<ReleaseView>(apiPath('releases', id), { until: 0 });
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === EXIT.couldNotAsk) return undefined;
    throw error;
  }
}

/** The stream of events is known by the project's key, which a release does not tell. */
async function follow(session: Session, release: ReleaseView, onEvent: () => void, stop: AbortSignal): Promise<void> {
  const project = await projectKeyOf(session, release).catch(() => undefined);
  if (project === undefined) return;
  const { url, token } = session;
  await followEvents({ url, token, project, subject: `release/${release.id}` }, onEvent, stop);
}

async function projectKeyOf(session: Session, { projectId }: ReleaseView): Promise<string | undefined> {
  type Listed = Page<{ readonly id: string; readonly key: string }>;
  let after: string | undefined;
  do {
    const page: Listed = await session.get<Listed>('/api/v1/projects', { query: { limit: '200', after } });
    const found = page.items.find(({ id }) => id === projectId);
    if (found !== undefined) return found.key;
    after = page.nextCursor ?? undefined;
  } while (after !== undefined);
  return undefined;
}

function isSameStep(a: ReleaseView, b: ReleaseView): boolean {
  const keyOf = ({ attempt, rollout }: ReleaseView): string =>
    [attempt, rollout?.stepIndex, rollout?.phase, rollout?.share].join(' ');
  return keyOf(a) === keyOf(b);
}

/** Ends a wait early. A ring while nobody waits ends the next one at once. */
class Alarm {
  private ringing = new AbortController();

  ring(): void {
    this.ringing.abort();
  }

  async wait(ms: number, interrupted: AbortSignal): Promise<void> {
    const { signal } = this.ringing;
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, interrupted]) }).catch(() => undefined);
    interrupted.throwIfAborted();
    if (signal.aborted) this.ringing = new AbortController();
  }
}
