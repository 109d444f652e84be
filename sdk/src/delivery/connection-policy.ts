import { backoffMs, jitterMs, politeMs } from './backoff.js';

export type Attempt = 'stream' | 'poll';

/**
 * How one attempt ended. ended: an open stream closed. moved: the server ends and asked us to go to another. silent: nothing arrived for too long. unreachable: no answer.
 * unusable: an answer that is not a control plane's. refused: the token is not accepted. limited: asked to wait.
 * gap: a patch did not apply. current: a poll worked.
 */
export type Outcome =
  | { readonly kind: 'ended' | 'moved' | 'silent'; readonly livedMs: number }
  | { readonly kind: 'unreachable' | 'unusable' | 'refused' | 'gap' | 'current' }
  | { readonly kind: 'limited'; readonly retryAfterMs: number | undefined };

export interface ConnectionState {
  /** Attempts in a row that brought nothing. */
  readonly failures: number;
  /** Streams in a row that failed while the poll after each of them worked: something between us blocks streams. */
  readonly blockedStreams: number;
  /** The last stream failed; a poll is to tell whether the server is away or only the stream is blocked. */
  readonly isStreamSuspect: boolean;
  /** While polling because streams are blocked: when to try one again, monotonic milliseconds. */
  readonly streamRetryAtMs: number | undefined;
}

export interface ConnectionSettings {
  readonly streaming: boolean;
  readonly pollIntervalMs: number;
}

export interface Surroundings {
  readonly elapsedMs: number;
  /** From 0 (included) to 1 (excluded). */
  readonly random: number;
  /** The server's latest `retry:`, if any: the base of the back-off. */
  readonly retryHintMs: number | undefined;
}

export interface NextAttempt {
  readonly state: ConnectionState;
  readonly attempt: Attempt;
  readonly delayMs: number;
}

/** A stream proves itself by living so long: a heartbeat (every 15 s) has come through unbuffered. */
const STEADY_MS = 20_000;
/** Blocked streams after which polling takes over. */
const BLOCKED_LIMIT = 3;
/** How often a polling client tries whether streams work by now. */
export const STREAM_RETRY_MS = 300_000;
/** How often a client whose token was refused asks again. */
const REFUSED_RETRY_MS = 60_000;
/** After so many attempts in vain, a poll: some middleboxes cut streams and let requests pass. */
const POLL_EVERY = 3;

export const INITIAL_STATE: ConnectionState = {
  failures: 0,
  blockedStreams: 0,
  isStreamSuspect: false,
  streamRetryAtMs: undefined,
};

/** Chooses the next attempt and the pause before it. Failures are forgotten only once a stream was steady or a poll worked. */
export function nextAttempt(
  before: ConnectionState,
  last: { readonly attempt: Attempt; readonly outcome: Outcome },
  settings: ConnectionSettings,
  now: Surroundings,
): NextAttempt {
  const { attempt, outcome } = last;
  if (outcome.kind === 'refused') {
    return { state: before, attempt, delayMs: jitterMs(REFUSED_RETRY_MS, now.random) };
  }
  if (outcome.kind === 'limited' && outcome.retryAfterMs !== undefined) {
    return { state: before, attempt, delayMs: politeMs(outcome.retryAfterMs, now.random) };
  }
  return attempt === 'poll' ? afterPoll(before, outcome, settings, now) : afterStream(before, outcome, now);
}

function afterStream(before: ConnectionState, outcome: Outcome, now: Surroundings): NextAttempt {
  if ('livedMs' in outcome && outcome.livedMs >= STEADY_MS) {
    return { state: INITIAL_STATE, attempt: 'stream', delayMs: backoffMs(0, now.random, now.retryHintMs) };
  }
  const failures = before.failures + 1;
  const delayMs = backoffMs(before.failures, now.random, now.retryHintMs);
  if (outcome.kind === 'gap' || outcome.kind === 'moved')
    return { state: { ...before, failures }, attempt: 'stream', delayMs };

  // A poll would say no more than these: the server is away, or was here a moment ago.
  const isPlain = outcome.kind === 'unreachable' || outcome.kind === 'limited' || outcome.kind === 'ended';
  const isPolling = before.blockedStreams >= BLOCKED_LIMIT;
  const attempt = isPlain && !isPolling && failures % POLL_EVERY !== 0 ? 'stream' : 'poll';
  return { state: { ...before, failures, isStreamSuspect: true, streamRetryAtMs: undefined }, attempt, delayMs };
}

function afterPoll(
  before: ConnectionState,
  outcome: Outcome,
  settings: ConnectionSettings,
  now: Surroundings,
): NextAttempt {
  if (outcome.kind !== 'current') {
    const failures = before.failures + 1;
    const isPolling = before.blockedStreams >= BLOCKED_LIMIT;
    return {
      // A poll that fails clears the stream of suspicion: the server itself is away.
      state: { ...before, failures, isStreamSuspect: false, blockedStreams: isPolling ? before.blockedStreams : 0 },
      attempt: isPolling || !settings.streaming ? 'poll' : 'stream',
      delayMs: backoffMs(before.failures, now.random),
    };
  }

  const pollDelayMs = jitterMs(settings.pollIntervalMs, now.random);
  if (!settings.streaming) return { state: INITIAL_STATE, attempt: 'poll', delayMs: pollDelayMs };

  const blockedStreams = before.blockedStreams + (before.isStreamSuspect ? 1 : 0);
  if (blockedStreams < BLOCKED_LIMIT) {
    const state = { ...INITIAL_STATE, blockedStreams };
    return { state, attempt: 'stream', delayMs: backoffMs(blockedStreams, now.random, now.retryHintMs) };
  }
  const streamRetryAtMs = before.streamRetryAtMs ?? now.elapsedMs + jitterMs(STREAM_RETRY_MS, now.random);
  const attempt = now.elapsedMs + pollDelayMs >= streamRetryAtMs ? 'stream' : 'poll';
  return { state: { ...INITIAL_STATE, blockedStreams, streamRetryAtMs }, attempt, delayMs: pollDelayMs };
}
