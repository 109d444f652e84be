import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MismatchError, type ParallelRunOptions } from '../src/parallel-run/index.js';
import { FakeRuntime, turn } from './fake-runtime.js';
import { ALL, LocalRuns } from './parallel-runs.js';

/** What well-known libraries get wrong, each with what has to come of it instead (VERDICTS.md 6). */

const boom = new Error('boom');
const fail = (): never => {
  throw boom;
};
const never = () => new Promise<never>(() => undefined);
const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

let local: LocalRuns;

beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));
beforeEach(() => {
  local = new LocalRuns();
});
afterEach(async () => {
  await turn();
  local.runs.close();
  expect(unhandled.splice(0)).toEqual([]);
});

const run = <T>(options: ParallelRunOptions<T>): T => local.runs.parallelRun('run', options);

/** How the caller's call ended, and how often each arm was called. */
function outcomeOf<T>(options: ParallelRunOptions<T>) {
  let calls = 0;
  const control = () => {
    calls += 1;
    return options.control();
  };
  try {
    return { value: run({ ...options, control }), calls };
  } catch (thrown) {
    return { thrown, calls };
  }
}

describe('the control', () => {
  it.each<[string, unknown]>([
    ['an error', boom],
    ['undefined', undefined],
    ['null', null],
    ['0', 0],
    ['an empty text', ''],
    ['false', false],
  ])('throws %s to its caller, once', async (_name, thrown) => {
    const control = (): number => {
      throw thrown;
    };
    expect(outcomeOf({ control, candidate: () => 1 })).toEqual({ thrown, calls: 1 });
    expect(outcomeOf({ control, candidate: control })).toEqual({ thrown, calls: 1 });
    await turn();
    expect(local.verdicts).toEqual(['control_error', 'match']);
  });

  it.each([undefined, 0, false, null, boom])('rejects with %s, by its own promise', async (reason) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever callers reject with
    const promise = Promise.reject<number>(reason);
    const answer = run({ control: () => promise, candidate: async () => 1 });
    expect(answer).toBe(promise);
    await expect(answer).rejects.toBe(reason);
    await turn();
    expect(local.verdicts).toEqual(['control_error']);
  });

  it.each<[string, Partial<ParallelRunOptions<number>>]>([
    ['comparator', { compare: fail }],
    ['comparator of errors', { compareErrors: fail }],
    ['ignore function', { ignore: fail }],
    ['cleaner', { clean: fail }],
    ['context', { context: fail }],
    ['stratum', { stratum: fail as never }],
    ['listener', { onResult: fail }],
    ['candidate', { candidate: fail }],
    [
      'input',
      {
        input: {
          get id(): number {
            return fail();
          },
        },
      },
    ],
    ['version', { version: { toString: fail } as never }],
  ])('is called once, and answers, whatever its %s throws', async (_name, options) => {
    const given = { candidate: () => 2, ...options } as { candidate: () => number };
    for (let i = 0; i < 20; i += 1) {
      expect(outcomeOf({ ...given, control: () => 1 })).toEqual({ value: 1, calls: 1 });
      expect(outcomeOf<number>({ ...given, control: fail })).toEqual({ thrown: boom, calls: 1 });
    }
    await turn();
  });

  it('answers whatever is published fails by, also later; its error is not masked', async () => {
    const publishers: readonly unknown[] = [fail, async () => fail()];
    for (const publish of publishers) {
      local = new LocalRuns({ publish: publish as () => void });
      expect(outcomeOf({ control: () => 1, candidate: () => 2, input: 1 })).toEqual({ value: 1, calls: 1 });
      const masked = new Error('of the control');
      const control = (): number => {
        throw masked;
      };
      expect(outcomeOf({ control, candidate: () => 2, input: 2 })).toEqual({ thrown: masked, calls: 1 });
      await turn();
      expect(local.runs.parallelRunErrors).toEqual({ publish: 2 });
      expect(local.warnings).toHaveLength(1);
      expect(local.warnings[0]).not.toContain('boom');
    }
  });

  it('is called by its options, and a wrapped one by its receiver and arguments', () => {
    const options = {
      price: 3,
      control() {
        return this.price;
      },
      candidate: () => 3,
    };
    expect(run(options)).toBe(3);
    class Shop {
      readonly rate = 2;
      price = local.runs.parallel(
        'run',
        function (this: Shop, n: number) {
          return n * this.rate;
        },
        (n) => n * 2,
      );
    }
    expect(new Shop().price(4)).toBe(8);
  });
});

describe('randomness and time', () => {
  it.each(['random', 'elapsedMs', 'now'] as const)('leave the control alone when %s fails', async (part) => {
    const runtime = new FakeRuntime();
    local = new LocalRuns({}, runtime);
    runtime[part] = fail;
    expect(outcomeOf({ control: () => 1, candidate: () => 2 })).toEqual({ value: 1, calls: 1 });
    await turn();
    if (part === 'random') expect(local.verdicts).not.toContain('match');
  });

  it('keeps the candidate off where sampling fails: closed, not open', async () => {
    local = new LocalRuns({ settings: { share: 50_000, twinShare: 0 } });
    let candidates = 0;
    const candidate = () => (candidates += 1);
    const context = {
      get targetingKey(): string {
        return fail();
      },
    };
    for (let i = 0; i < 50; i += 1) expect(run({ control: () => 1, candidate, context })).toBe(1);
    expect(candidates).toBe(0);
    expect(local.runs.parallelRunErrors).toEqual({ sample: 50 });
    expect(local.warnings).toHaveLength(1);
  });

  it('starts either arm first, as often', () => {
    let first = '';
    let controls = 0;
    const begin = (arm: string) => () => {
      if (first === '') first = arm;
      return 1;
    };
    for (let i = 0; i < 2_000; i += 1) {
      first = '';
      run({ control: begin('control'), candidate: begin('candidate') });
      if (first === 'control') controls += 1;
    }
    expect(controls).toBeGreaterThan(900);
    expect(controls).toBeLessThan(1_100);
  });

  it('starts three arms in each of their six orders', () => {
    const orders = new Map<string, number>();
    for (let i = 0; i < 6_000; i += 1) {
      const order: string[] = [];
      const arm = (name: string) => () => order.push(name) * 0;
      run({ control: arm('c'), candidates: { a: arm('a'), b: arm('b') } });
      orders.set(order.join(''), (orders.get(order.join('')) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

describe('a candidate', () => {
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['a frozen object', () => Object.freeze({})],
    ['a revoked proxy', revoked],
    ['an error whose message throws', () => Object.defineProperty(new Error(), 'message', { get: fail })],
    ['an object whose then throws', () => Object.defineProperty({}, 'then', { get: fail })],
    ['a function', () => fail],
  ])('may throw %s, or reject with it, or answer it', async (_name, make) => {
    const thrower = (): number => {
      throw make();
    };
    expect(run({ control: () => 1, candidate: thrower })).toBe(1);
    const control = () => Promise.resolve(1);
    await expect(run({ control, candidate: async () => thrower() })).resolves.toBe(1);
    expect(run<unknown>({ control: () => 1, candidate: make })).toBe(1);
    await turn();
    expect(local.verdicts.slice(0, 2)).toEqual(['candidate_error', 'candidate_error']);
    expect(local.verdicts[2]).not.toBe('match');
  });

  it('that throws undefined is no candidate that returned it', async () => {
    const candidate = (): undefined => {
      throw undefined as unknown as Error; // JavaScript throws anything
    };
    expect(run<undefined>({ control: () => undefined, candidate })).toBeUndefined();
    await turn();
    expect(local.verdicts).toEqual(['candidate_error']);
  });

  it('of a synchronous run that answers with a promise is caught, and no match', async () => {
    for (const candidate of [() => Promise.reject(boom), () => Promise.resolve(1), () => ({ then: fail })]) {
      expect(run<number>({ control: () => 1, candidate: candidate as never })).toBe(1);
    }
    await turn();
    expect(local.verdicts).toEqual(['candidate_error', 'candidate_error', 'candidate_error']);
  });

  it('that throws at once is no harm to an asynchronous control', async () => {
    await expect(run({ control: async () => 1, candidate: fail })).resolves.toBe(1);
    await turn();
    expect(local.verdicts).toEqual(['candidate_error']);
  });

  it('that never settles delays nobody, and times out', async () => {
    let signal: AbortSignal | undefined;
    const candidate = (arm: { readonly signal: AbortSignal }) => {
      ({ signal } = arm);
      return never();
    };
    await expect(run({ control: async () => 1, candidate })).resolves.toBe(1);
    await local.runtime.advance(4_900);
    expect([local.verdicts, signal?.aborted]).toEqual([[], false]);
    await local.runtime.advance(200);
    expect([local.verdicts, signal?.aborted]).toEqual([['timeout'], true]);
    expect(local.report().verdicts).toEqual({ timeout: 1 });
  });

  it('that rejects after its deadline ends no process', async () => {
    let reject: (reason: unknown) => void = fail;
    const candidate = () => new Promise<number>((_resolve, refuse) => (reject = refuse));
    await expect(run({ control: async () => 1, candidate, deadlineMs: 50 })).resolves.toBe(1);
    await local.runtime.advance(200);
    reject(boom);
    await turn();
    expect(local.verdicts).toEqual(['timeout']);
  });

  it('that hangs takes up places, and is called no more than there are; until it was waited for long enough', async () => {
    local = new LocalRuns({ settings: { ...ALL, maxConcurrent: 3, deadlineMs: 100 } });
    let calls = 0;
    const candidate = () => {
      calls += 1;
      return never();
    };
    for (let i = 0; i < 8; i += 1) await run({ control: async () => 1, candidate });
    expect(calls).toBe(3);
    await local.runtime.advance(500);
    await run({ control: async () => 1, candidate });
    const report = local.report();
    expect([calls, report.verdicts, report.broken]).toEqual([3, { timeout: 3, shed: 6 }, undefined]);
    await local.runtime.advance(1_000);
    await run({ control: async () => 1, candidate });
    expect(calls).toBe(4);
  });

  it('that fails again and again is not called for a while', async () => {
    let calls = 0;
    const candidate = (): number => {
      calls += 1;
      return fail();
    };
    for (let i = 0; i < 100; i += 1) run({ control: () => 1, candidate });
    expect(calls).toBe(10);
    expect(local.report()).toMatchObject({ verdicts: { candidate_error: 10, shed: 90 }, broken: 90 });
    await local.runtime.advance(6_000);
    run({ control: () => 1, candidate: () => ((calls += 1), 1) });
    run({ control: () => 1, candidate: () => ((calls += 1), 1) });
    expect([calls, local.report().verdicts]).toEqual([12, { match: 2 }]);
  });

  it('whose shadow starts work that asks for the shadow is told, however late', async () => {
    const shadows: (string | undefined)[] = [];
    const look = () => shadows.push(local.runs.shadow()?.arm);
    await run({
      control: async (): Promise<void> => void look(),
      candidate: async () => {
        await Promise.resolve();
        look();
        void Promise.resolve().then(look);
      },
    });
    await turn();
    expect(shadows.map(String).sort()).toEqual(['candidate', 'candidate', 'undefined']);
    expect(local.runs.shadow()).toBeUndefined();
  });

  it('that is a run itself runs its control alone', () => {
    const nested: string[] = [];
    const inner = (arm: string) => () => nested.push(arm);
    const candidate = () =>
      local.runs.parallelRun('inner', { control: inner('control'), candidate: inner('candidate') });
    run({ control: () => 1, candidate });
    expect(nested).toEqual(['control']);
  });
});

describe('arms that share what they answer', () => {
  const quick = { publish: undefined as never };
  const counter = () => {
    const state = { n: 0 };
    const add = () => ((state.n += 1), state);
    return { state, add };
  };

  it.each([
    ['told', {}],
    ['untold', quick],
  ])('and change it are no match, and warned of once, where calls are %s', async (_name, options) => {
    local = new LocalRuns(options);
    const { state, add } = counter();
    for (let i = 0; i < 600; i += 1) expect(run({ control: add, candidate: add, input: i })).toBe(state);
    for (let i = 0; i < 3; i += 1) {
      await run({ control: async () => add(), candidate: () => turn().then(add), input: -i });
      await turn();
    }
    await turn();
    const { verdicts, signatures } = local.report();
    expect(verdicts).toEqual({ mismatch: 603 });
    expect(signatures.flatMap(({ places }) => places.map(({ path }) => path))).toEqual(['$.n', '$.n']);
    expect(local.warnings).toHaveLength(1);
    expect(local.warnings[0]).toContain('share an object and change it');
  });

  it.each([
    ['told', {}],
    ['untold', quick],
  ])('and leave it as it is match, where calls are %s', async (_name, options) => {
    local = new LocalRuns(options);
    const { state } = counter();
    for (let i = 0; i < 600; i += 1) run({ control: () => state, candidate: () => state, input: i });
    await turn();
    expect([local.report().verdicts, local.warnings]).toEqual([{ match: 600 }, []]);
  });

  it('are told apart by a comparator of the user’s, which gets either copy', async () => {
    const { add } = counter();
    const seen: unknown[] = [];
    run({ control: add, candidate: add, compare: (a, b) => (seen.push(a.n, b.n), a.n === b.n) });
    await turn();
    expect([seen.sort(), local.verdicts]).toEqual([[1, 2], ['mismatch']]);
  });
});

describe('an answer that cannot be read', () => {
  const readable = () => ({ a: 1 });
  const unreadable = () => new Proxy({ a: 1 }, { ownKeys: fail });
  const thrower = (make: () => unknown) => (): object => {
    throw make() as Error; // JavaScript throws anything
  };

  it('is no match where it is the candidate’s alone', async () => {
    run<object>({ control: readable, candidate: unreadable, input: 1 });
    expect(() => run<object>({ control: thrower(readable), candidate: thrower(unreadable), input: 2 })).toThrow();
    await turn();
    const difference = { path: '$', transition: 'class' };
    expect(local.told).toMatchObject([
      { verdict: 'mismatch', differences: [{ ...difference, kind: 'value' }] },
      { verdict: 'both_error', differences: [{ ...difference, kind: 'error' }] },
    ]);
    expect(local.report().inputs).toEqual({ n: 2, x: 2 });
  });

  it('says nothing of the candidate where it is the control’s', async () => {
    for (const candidate of [readable, unreadable]) run<object>({ control: unreadable, candidate, input: 1 });
    await turn();
    expect(local.verdicts).toEqual(['compare_error', 'compare_error']);
    expect(local.report().inputs).toEqual({ n: 0, x: 0 });
  });
});

describe('promises', () => {
  it('are observed by the platform alone: a thenable that begins its work when asked is not asked', async () => {
    let queries = 0;
    const query = { then: (resolve: (rows: string) => void) => ((queries += 1), resolve('rows')) };
    const answer = run({ control: () => query as unknown as Promise<string>, candidate: async () => 'rows' });
    expect(answer).toBe(query);
    await turn();
    expect([queries, await answer, queries]).toEqual([0, 'rows', 1]);
    await turn();
    expect([local.verdicts, local.runs.parallelRunErrors]).toEqual([['compare_error'], { thenable: 1 }]);
  });

  it('of a subclass keep their own then from being called', async () => {
    let thens = 0;
    class Lazy<T> extends Promise<T> {
      override then<A = T, B = never>(
        a?: ((value: T) => A | PromiseLike<A>) | null,
        b?: ((reason: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        thens += 1;
        return super.then(a, b);
      }
    }
    void run({ control: () => Lazy.resolve(1), candidate: async () => 1 });
    await turn();
    expect([thens, local.verdicts]).toEqual([0, ['match']]);
  });

  it('hand the caller an unchanged value, and the comparison one that the caller has not changed', async () => {
    const value = { items: [1, 2] };
    const got = await run({
      control: async () => value,
      candidate: async () => {
        await turn();
        return { items: [1, 2] };
      },
    });
    expect(got).toBe(value);
    value.items.length = 0;
    await turn();
    await turn();
    expect(local.verdicts).toEqual(['match']);
  });

  it('are copied before a synchronous caller can change what it got', async () => {
    const value = run({ control: () => ({ a: [1] }), candidate: () => ({ a: [1] }) });
    value.a.push(2);
    await turn();
    expect(local.verdicts).toEqual(['match']);
  });
});

describe('hooks', () => {
  it('that clean see copies, so that one that changes them changes nobody’s value', async () => {
    const clean = (value: { secret?: string }) => {
      delete value.secret;
      return value;
    };
    expect(run({ control: () => ({ secret: 'a' }), candidate: () => ({ secret: 'b' }), clean })).toEqual({
      secret: 'a',
    });
    await turn();
    expect(local.verdicts).toEqual(['match']);
    expect(local.told[0]?.control).toEqual({ kind: 'value', value: {} });
  });

  it('that clean and fail drop the values, never leak them', async () => {
    for (const clean of [fail, async () => ({})]) run({ control: () => 'mine', candidate: () => 'yours', clean });
    await turn();
    expect(local.verdicts).toEqual(['clean_error', 'clean_error']);
    expect(JSON.stringify([local.told, local.runs.takeReports()])).not.toMatch(/"value"|mine|yours/);
  });

  it('that compare and fail, or answer no boolean, are no match', async () => {
    for (const compare of [fail, async () => true, () => 'yes'] as never[]) {
      run({ control: () => 1, candidate: () => 2, compare });
    }
    await turn();
    expect(local.verdicts).toEqual(['compare_error', 'compare_error', 'compare_error']);
  });

  it('that ignore see errors, are asked of differences alone, and hide nothing when they fail', async () => {
    const seen: unknown[] = [];
    const ignore = (control: unknown, candidate: unknown) => seen.push(control, candidate) > 0;
    run<number>({ control: () => 1, candidate: fail, ignore });
    run({ control: () => 1, candidate: () => 1, ignore });
    run({ control: () => 1, candidate: () => 2, ignore: fail });
    run({ control: () => 1, candidate: () => 2, ignore: (async () => true) as never });
    await turn();
    expect(local.verdicts).toEqual(['ignored', 'match', 'mismatch', 'mismatch']);
    expect(seen).toEqual([
      { kind: 'value', value: 1 },
      { kind: 'error', error: expect.objectContaining({ message: 'boom' }) },
    ]);
  });

  it('that compare are never asked where an arm threw', async () => {
    const asked: unknown[] = [];
    const compare = (...values: unknown[]) => asked.push(values) > 0;
    run<number>({ control: () => 1, candidate: fail, compare });
    expect(() => run<number>({ control: fail, candidate: () => 1, compare })).toThrow(boom);
    await turn();
    expect([asked, local.verdicts]).toEqual([[], ['candidate_error', 'control_error']]);
  });

  it('that compare errors tell equal ones', async () => {
    const other = (): never => {
      throw new RangeError('other');
    };
    expect(() => run<number>({ control: fail, candidate: other })).toThrow(boom);
    expect(() => run<number>({ control: fail, candidate: other, compareErrors: () => true })).toThrow(boom);
    await turn();
    expect(local.verdicts).toEqual(['both_error', 'match']);
  });
});

describe('raising on mismatch', () => {
  const raiseOnMismatch = true;

  it('throws after it was recorded, and wins over the control’s own error', () => {
    expect(() => run({ control: () => 1, candidate: () => 2, raiseOnMismatch })).toThrow(MismatchError);
    const thrown = outcomeOf<number>({ control: fail, candidate: () => 2, raiseOnMismatch }).thrown as MismatchError;
    expect([thrown.name, thrown.verdict, thrown.cause]).toEqual(['MismatchError', 'control_error', boom]);
    expect(local.report().verdicts).toEqual({ mismatch: 1, control_error: 1 });
  });

  it('leaves equal errors, ignored differences and shed calls alone', () => {
    expect(outcomeOf<number>({ control: fail, candidate: fail, raiseOnMismatch })).toEqual({ thrown: boom, calls: 1 });
    expect(run({ control: () => 1, candidate: () => 2, ignore: () => true, raiseOnMismatch })).toBe(1);
    for (let i = 0; i < 10; i += 1) outcomeOf<number>({ control: () => 1, candidate: fail });
    expect(run<number>({ control: () => 1, candidate: fail, raiseOnMismatch })).toBe(1);
  });

  it('rejects an asynchronous call once its candidate has come to an end, or to its deadline', async () => {
    const late = (value: number) => async () => {
      await turn();
      return value;
    };
    await expect(run({ control: async () => 1, candidate: late(1), raiseOnMismatch })).resolves.toBe(1);
    const raised = run({ control: async () => ({ a: 1 }), candidate: async () => ({ a: 3 }), raiseOnMismatch });
    await expect(raised).rejects.toMatchObject({ verdict: 'mismatch', differences: [{ path: '$.a' }] });
    const hung = run({ control: async () => 1, candidate: never, raiseOnMismatch });
    const expected = expect(hung).rejects.toMatchObject({ verdict: 'timeout' });
    await local.runtime.advance(5_200);
    await expected;
  });
});
