import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Attempt,
  type ConnectionState,
  INITIAL_STATE,
  nextAttempt,
  type Outcome,
  STREAM_RETRY_MS,
} from './connection-policy.js';

const settings = { streaming: true, pollIntervalMs: 15_000 };

/** Plays outcomes in turn, always with the same luck, and answers what came after each. */
function play(outcomes: readonly Outcome[], options = settings, random = 0.5) {
  let state: ConnectionState = INITIAL_STATE;
  let attempt: Attempt = options.streaming ? 'stream' : 'poll';
  let elapsedMs = 0;
  return outcomes.map((outcome) => {
    const next = nextAttempt(state, { attempt, outcome }, options, { elapsedMs, random, retryHintMs: undefined });
    ({ state, attempt } = next);
    elapsedMs += next.delayMs;
    return next;
  });
}

const unreachable: Outcome = { kind: 'unreachable' };
const current: Outcome = { kind: 'current' };
const silent: Outcome = { kind: 'silent', livedMs: 0 };
const steady: Outcome = { kind: 'ended', livedMs: 3_600_000 };

describe('nextAttempt', () => {
  it('backs off further with every failure, up to the cap', () => {
    const delays = play(new Array<Outcome>(8).fill(unreachable)).map((next) => next.delayMs);
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it('forgets failures after a stream that lived a while, not after one that only opened', () => {
    const ended = (livedMs: number): Outcome => ({ kind: 'ended', livedMs });
    expect(play([unreachable, unreachable, steady]).at(-1)).toEqual({
      state: INITIAL_STATE,
      attempt: 'stream',
      delayMs: 500,
    });
    expect(play([unreachable, unreachable, ended(5_000)]).at(-1)?.state.failures).toBe(3);
  });

  it('goes on with the stream when a server sends it to another one, soon, and slower where none keeps it', () => {
    const moved = (livedMs: number): Outcome => ({ kind: 'moved', livedMs });
    expect(play([moved(60_000)])[0]).toEqual({ state: INITIAL_STATE, attempt: 'stream', delayMs: 500 });
    expect(play([moved(0), moved(0), moved(0)]).map(({ delayMs }) => delayMs)).toEqual([500, 1_000, 2_000]);
    expect(play([moved(0), moved(0), moved(0)]).map(({ attempt }) => attempt)).toEqual(['stream', 'stream', 'stream']);
  });

  it('asks by poll whether a silent stream means a server that is away', () => {
    expect(play([silent])[0]?.attempt).toBe('poll');
  });

  it('polls now and then while nothing answers, for some networks only break streams', () => {
    const attempts = play(new Array<Outcome>(6).fill(unreachable)).map((next) => next.attempt);
    expect(attempts).toEqual(['stream', 'stream', 'poll', 'stream', 'stream', 'poll']);
  });

  it('falls back to polling when three streams fail while each poll works', () => {
    const blocked = [silent, current, silent, current, silent, current];
    const steps = play([...blocked, current]);
    expect(steps.map((next) => next.attempt)).toEqual(['poll', 'stream', 'poll', 'stream', 'poll', 'poll', 'poll']);
    expect(steps.at(-1)?.delayMs).toBe(15_000);
  });

  it('does not blame the stream while the server itself is away', () => {
    const away = [silent, unreachable, silent, unreachable, silent, unreachable, silent, current];
    expect(play(away).at(-1)).toMatchObject({ attempt: 'stream', state: { blockedStreams: 1 } });
  });

  it('tries the stream again slowly while polling, and goes back to it once it is steady', () => {
    const polling = [silent, current, silent, current, silent, ...new Array<Outcome>(40).fill(current)];
    const steps = play(polling);
    const firstStream = steps.findIndex((next, index) => index > 5 && next.attempt === 'stream');
    const waitedMs = steps.slice(5, firstStream + 1).reduce((sum, next) => sum + next.delayMs, 0);
    expect(waitedMs).toBeGreaterThanOrEqual(STREAM_RETRY_MS);
    expect(waitedMs).toBeLessThan(STREAM_RETRY_MS + 2 * 15_000);

    const last = play([...polling.slice(0, firstStream + 1), steady]).at(-1);
    expect(last).toMatchObject({ state: INITIAL_STATE, attempt: 'stream' });
  });

  it('goes on polling when the retried stream fails again', () => {
    const polling = [silent, current, silent, current, silent, ...new Array<Outcome>(20).fill(current)];
    expect(play(polling).at(-1)?.attempt).toBe('stream');
    expect(
      play([...polling, silent, current, current])
        .slice(-3)
        .map((next) => next.attempt),
    ).toEqual(['poll', 'poll', 'poll']);
  });

  it('asks again every minute or so while the token is refused', () => {
    expect(play([{ kind: 'refused' }, { kind: 'refused' }]).map((next) => next.delayMs)).toEqual([60_000, 60_000]);
    expect(play([{ kind: 'refused' }], settings, 0)[0]?.delayMs).toBe(48_000);
  });

  it('waits as long as the server asks, and a bit', () => {
    expect(play([{ kind: 'limited', retryAfterMs: 20_000 }], settings, 0)[0]?.delayMs).toBe(20_000);
    expect(play([{ kind: 'limited', retryAfterMs: 20_000 }])[0]?.delayMs).toBe(25_000);
    expect(play([{ kind: 'limited', retryAfterMs: undefined }])[0]?.delayMs).toBe(500);
  });

  it('streams again after a gap, more slowly each time', () => {
    const steps = play([{ kind: 'gap' }, { kind: 'gap' }, { kind: 'gap' }]);
    expect(steps.map((next) => [next.attempt, next.delayMs])).toEqual([
      ['stream', 500],
      ['stream', 1_000],
      ['stream', 2_000],
    ]);
  });

  it('only ever polls when streaming is off', () => {
    const steps = play([current, unreachable, current], { streaming: false, pollIntervalMs: 30_000 });
    expect(steps.map((next) => [next.attempt, next.delayMs])).toEqual([
      ['poll', 30_000],
      ['poll', 500],
      ['poll', 30_000],
    ]);
  });

  it('never comes back at once for ever: any row of failures has a growing mean pause', () => {
    const failure = fc.constantFrom<Outcome>(unreachable, silent, { kind: 'unusable' }, { kind: 'gap' });
    fc.assert(
      fc.property(fc.array(failure, { minLength: 6, maxLength: 30 }), (outcomes) =>
        play(outcomes)
          .slice(5)
          .every((next) => next.delayMs >= 15_000),
      ),
    );
  });
});
