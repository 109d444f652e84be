import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ParallelRunOptions, SideEffects } from '../src/parallel-run/index.js';
import { turn } from './fake-runtime.js';
import { ALL, LocalRuns } from './parallel-runs.js';

/** Calls that are neither timed nor told take a shorter way through the runner, and have to come to the same. */

/** From the next call on, most are not timed. */
const TIMED_CALLS = 256;

const boom = new Error('boom');
const shared = { a: 1 };
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
const opened: LocalRuns[] = [];

beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));
afterEach(async () => {
  await turn();
  for (const { runs } of opened.splice(0)) runs.close();
  expect(unhandled.splice(0)).toEqual([]);
});

/** Runs of which nobody hears, some of whose calls are behind them. */
function quickRuns(settings = {}): LocalRuns {
  const local = new LocalRuns({ settings: { ...ALL, ...settings }, publish: undefined as never });
  opened.push(local);
  for (let i = 0; i < TIMED_CALLS; i += 1) local.runs.parallelRun('run', { control: () => 1, candidate: () => 1 });
  local.runs.takeReports();
  return local;
}

/** What it comes to is known to nobody, and such a call never ends. */
const UNFOLLOWED = 'a promise that cannot be followed';
class Unfollowed<T> extends Promise<T> {
  static override get [Symbol.species](): PromiseConstructor {
    throw boom;
  }
}

const ARMS: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
  ['1', () => 1],
  ['2', () => 2],
  ['nothing', () => undefined],
  ['NaN', () => NaN],
  ['an object', () => ({ a: 1 })],
  ['the same object', () => shared],
  ['another object', () => ({ a: 2 })],
  [
    'an error',
    () => {
      throw boom;
    },
  ],
  [
    'a thrown 1',
    () => {
      throw 1 as unknown as Error; // JavaScript throws anything
    },
  ],
  ['a promise of 1', () => Promise.resolve(1)],
  ['a promise of 1, later', () => turn().then(() => 1)],
  ['a promise of 2', async () => 2],
  ['a promise of an object', async () => ({ a: 1 })],
  ['a promise of the same object, later', () => turn().then(() => shared)],
  ['a rejection', () => Promise.reject(boom)],
  ['a rejection, later', () => turn().then(() => Promise.reject(boom))],
  [UNFOLLOWED, () => new Unfollowed((resolve) => resolve(1))],
  ['a thenable', () => ({ then: (resolve: (value: number) => void) => resolve(1) })],
]);
const CASES = [...ARMS.keys()]
  .filter((control) => control !== UNFOLLOWED)
  .flatMap((control) => [...ARMS.keys()].map((candidate) => [control, candidate] as const));
const CALLS = 6;

describe('a call that nobody hears of', () => {
  it.each(CASES)(
    'whose control answers %s and candidate %s ends and counts as any other',
    async (control, candidate) => {
      const told = new LocalRuns();
      opened.push(told);
      const [quick, usual] = [
        await outcomesOf(quickRuns(), control, candidate),
        await outcomesOf(told, control, candidate),
      ];
      expect(quick).toEqual(usual);
      expect(quick.calls).toEqual({ control: CALLS, candidate: CALLS });
    },
  );

  it.each<[SideEffects, string, unknown]>([
    ['possible', 'values', 1],
    ['none', 'values', 1],
    ['possible', 'promises', Promise.resolve(1)],
    ['none', 'promises', Promise.resolve(1)],
  ])('starts either arm first, as often, where side effects are %s and answers %s', (sideEffects, _kind, answer) => {
    const { runs } = quickRuns({ maxConcurrent: 10_000 });
    let first = '';
    let controls = 0;
    const begin = (arm: string) => () => {
      first ||= arm;
      return answer;
    };
    for (let i = 0; i < 2_000; i += 1) {
      first = '';
      runs.parallelRun('run', { control: begin('control'), candidate: begin('candidate'), sideEffects });
      if (first === 'control') controls += 1;
    }
    expect(Math.abs(controls - 1_000)).toBeLessThan(100);
  });

  it('copies an object before the other arm can change it', () => {
    const local = quickRuns();
    for (let i = 0; i < 20; i += 1) {
      const state = { n: 0 };
      const add = () => {
        state.n += 1;
        return state.n === 1 ? { n: 1 } : { n: 2 };
      };
      local.runs.parallelRun('run', { control: add, candidate: add });
    }
    expect(local.report().verdicts).toEqual({ mismatch: 20 });
  });

  it('tells its shadow, also what a synchronous candidate leaves to be done later', async () => {
    const { runs } = quickRuns();
    const seen: unknown[] = [];
    const look = () => void seen.push(runs.shadow()?.arm);
    const candidate = () => {
      look();
      queueMicrotask(look);
      setImmediate(look);
      return 1;
    };
    expect(runs.parallelRun('run', { control: () => (look(), queueMicrotask(look), 1), candidate })).toBe(1);
    expect(runs.shadow()).toBeUndefined();
    await turn();
    await turn();
    expect(seen.map(String).sort()).toEqual(['candidate', 'candidate', 'candidate', 'undefined', 'undefined']);
  });

  it('leaves the contexts of others as they are, within its candidate and after it', async () => {
    const { runs } = quickRuns();
    const request = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const look = () => void seen.push(`${runs.shadow()?.arm} ${request.getStore()}`);
    const candidate = () => {
      look();
      queueMicrotask(look);
      request.enterWith('of the candidate');
      return 1;
    };
    request.run('r', () => {
      runs.parallelRun('run', { control: () => 1, candidate });
      look();
    });
    await turn();
    expect(seen).toEqual(['candidate r', 'undefined r', 'candidate r']);
  });

  it('runs the control alone of a run within its candidate', () => {
    const { runs } = quickRuns();
    for (const sideEffects of ['possible', 'none'] as const) {
      const calls: string[] = [];
      const inner = (arm: string) => () => calls.push(arm);
      const candidate = () => runs.parallelRun('run', { control: inner('control'), candidate: inner('candidate') });
      runs.parallelRun('run', { control: () => 1, candidate, sideEffects });
      expect(calls).toEqual(['control']);
    }
  });

  it.each([
    ['at once', 0],
    ['later, as those before it did', 1],
  ])(
    'gives its candidate a handle of its own, which is aborted when that takes too long: answering %s',
    async (_name, before) => {
      const local = quickRuns({ deadlineMs: 100 });
      for (let i = 0; i < before; i += 1) {
        await local.runs.parallelRun('run', { control: async () => 1, candidate: async () => 1 });
      }
      local.runs.takeReports();
      let signal: AbortSignal | undefined;
      let end = (_late: number): void => undefined;
      const candidate = (arm: { readonly signal: AbortSignal }) => {
        ({ signal } = arm);
        return new Promise<number>((resolve) => (end = resolve));
      };
      await expect(local.runs.parallelRun('run', { control: async () => 1, candidate })).resolves.toBe(1);
      await local.runtime.advance(200);
      end(1);
      await turn();
      expect([signal?.aborted, local.report().verdicts]).toEqual([true, { timeout: 1 }]);
    },
  );

  it('gives up promises that hang, and the place of one that hangs for long', async () => {
    const local = quickRuns({ deadlineMs: 100, maxConcurrent: 1 });
    await local.runs.parallelRun('run', { control: async () => 1, candidate: async () => 1 });
    const hang = () => new Promise<number>(() => undefined);
    void local.runs.parallelRun('run', { control: async () => 1, candidate: hang });
    await local.runtime.advance(500);
    await local.runs.parallelRun('run', { control: async () => 1, candidate: async () => 1 });
    await local.runtime.advance(1_000);
    await local.runs.parallelRun('run', { control: async () => 1, candidate: async () => 1 });
    await turn();
    expect(local.report().verdicts).toEqual({ match: 2, timeout: 1, shed: 1 });
  });

  it('copies what a promise comes to before its caller can change it', async () => {
    const local = quickRuns();
    const options = { control: async () => ({ a: [1] }), candidate: () => turn().then(() => ({ a: [1] })) };
    for (let i = 0; i < 3; i += 1) (await local.runs.parallelRun('run', options)).a.push(2);
    await turn();
    await turn();
    expect(local.report().verdicts).toEqual({ match: 3 });
  });

  it('counts its inputs once', () => {
    const local = quickRuns();
    const double = local.runs.parallel(
      'run',
      (n: number) => n * 2,
      (n) => n + n,
    );
    for (const n of [1, 2, 2, 3, 3, 3]) double(n);
    expect(local.report()).toMatchObject({ verdicts: { match: 6 }, inputs: { n: 3, x: 0 } });
  });
});

async function outcomesOf(local: LocalRuns, control: string, candidate: string) {
  const calls = { control: 0, candidate: 0 };
  const outcomes: unknown[] = [];
  const count = (arm: keyof typeof calls, name: string) => (): unknown => {
    calls[arm] += 1;
    return ARMS.get(name)?.();
  };
  const options: ParallelRunOptions<unknown> = {
    control: count('control', control),
    candidate: count('candidate', candidate),
  };
  for (let i = 0; i < CALLS; i += 1) {
    try {
      outcomes.push({ value: await local.runs.parallelRun('run', options) });
    } catch (thrown) {
      outcomes.push({ thrown });
    }
    await turn();
    await turn();
  }
  const { verdicts, inputs, signatures } = local.report();
  return { calls, outcomes, verdicts, inputs, ids: signatures.map(({ id, n }) => `${id} ${n}`) };
}
