import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Faults } from '../src/parallel-run/faults.js';
import { createParallelRuns } from '../src/parallel-run/index.js';
import { ParallelRuns } from '../src/parallel-run/parallel-runs.js';
import { compileRun } from '../src/parallel-run/read-settings.js';
import { UNNOTICED_MS } from '../src/parallel-run/record-call.js';
import { DEFAULT_SETTINGS } from '../src/parallel-run/settings.js';
import { FakeRuntime, turn } from './fake-runtime.js';
import { ALL, LocalRuns } from './parallel-runs.js';

let local: LocalRuns;

const restart = (settings: object, runtime = new FakeRuntime()) => {
  local.runs.close();
  local = new LocalRuns({ settings: { ...ALL, ...settings } }, runtime);
};

beforeEach(() => {
  local = new LocalRuns();
});
afterEach(() => local.runs.close());

describe('a wrapped function', () => {
  it('keeps its signature; its arguments are the input, the context and the stratum', async () => {
    const price = local.runs.parallel(
      'price',
      (n: number, who: string) => `${n} ${who}`,
      (n, who) => [n, who].join(' '),
      {
        context: (_n, who) => ({ targetingKey: who }),
        stratum: (n) => (n > 1 ? 'many' : 'one'),
      },
    );
    for (const n of [1, 2, 3, 3, 3]) expect(price(n, 'u')).toBe(`${n} u`);
    const { verdicts, inputs, strata, shapes } = local.report();
    expect({ verdicts, inputs }).toEqual({ verdicts: { match: 5 }, inputs: { n: 3, x: 0 } });
    expect(strata).toEqual([
      { stratum: 'many', n: 2, x: 0 },
      { stratum: 'one', n: 1, x: 0 },
    ]);
    expect(shapes.map(([, n]) => n)).toEqual([3]);
  });

  it('counts the structure of an input once, however many candidates get it', () => {
    for (const n of [1, 2, 3]) {
      const [control, candidates] = [() => n, { a: () => n, b: () => -n }];
      local.runs.parallelRun('price', { control, candidates, input: n });
    }
    const counted = local.runs.takeReports().flatMap(({ shapes }) => shapes.map(([, count]) => count));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it('is off without settings', () => {
    const off = createParallelRuns({ runs: { other: ALL } });
    let calls = 0;
    const count = () => (calls += 1);
    expect(
      off.parallel(
        'price',
        () => 'a',
        () => String(count()),
      )(),
    ).toBe('a');
    expect(off.parallelRun('price', { control: () => 'a', candidate: () => String(count()) })).toBe('a');
    expect(calls).toBe(0);
    off.parallelRun('other', { control: () => 'a', candidate: () => String(count()), input: 1 });
    expect(calls).toBe(1);
    off.close();
  });

  it('refuses settings that cannot be used', () => {
    expect(() => createParallelRuns({ runs: { price: { share: 0.5 } } })).toThrow(/'price'.*100 000/);
  });
});

describe('evidence', () => {
  it('is of distinct inputs as they are before an arm changes them; of callers, where there is no input', () => {
    const mutate = (input: { n: number }) => () => (input.n = -1);
    for (const n of [1, 2, 2]) {
      const input = { n };
      local.runs.parallelRun('a', { control: mutate(input), candidate: mutate(input), input });
    }
    expect(local.report().inputs).toEqual({ n: 2, x: 0 });
    const one = { control: () => 1, candidate: () => 1 };
    for (const targetingKey of ['u', 'v', 'u']) local.runs.parallelRun('b', { ...one, context: { targetingKey } });
    expect([local.report().inputs, local.warnings]).toEqual([{ n: 2, x: 0 }, []]);
  });

  it('is none where the input is not named and calls are equal, which is warned of once', () => {
    const call = (candidate: number, more = {}) =>
      local.runs.parallelRun('a', { control: () => 1, candidate: () => candidate, ...more });
    for (let i = 0; i < 600; i += 1) call(1, { stratum: 's' });
    expect(local.report()).toMatchObject({
      ...{ verdicts: { match: 600 }, inputs: { n: 0, x: 0 }, strata: [], shapes: [] },
    });
    for (let i = 0; i < 3; i += 1) call(2);
    expect(local.report()).toMatchObject({ verdicts: { mismatch: 3 }, inputs: { n: 3, x: 3 } });
    expect(local.warnings).toEqual([expect.stringContaining('name the input')]);
    expect(local.runs.parallelRunErrors).toEqual({});
  });

  it('is none where the input cannot be read and calls are equal', () => {
    const input = Promise.resolve();
    const context = { targetingKey: 'u' };
    const call = (candidate: number) =>
      local.runs.parallelRun('a', { control: () => 1, candidate: () => candidate, input, context });
    for (const candidate of [1, 1, 2]) call(candidate);
    expect([local.report().inputs, local.runs.parallelRunErrors]).toEqual([{ n: 1, x: 1 }, { input: 3 }]);
    expect(local.warnings).toHaveLength(1);
  });

  it('comes of what was compared alone', async () => {
    const call = (candidate: () => number, more = {}) =>
      local.runs.parallelRun('a', { control: () => 1, candidate, ...more });
    call(() => 2, { ignore: () => true, input: 1 });
    call(() => 2, { clean: () => Promise.resolve(), input: 2 });
    call(() => 2, { compare: () => 'no', input: 3 });
    expect(local.report()).toMatchObject({
      verdicts: { ignored: 1, clean_error: 1, compare_error: 1 },
      inputs: { n: 1, x: 0 },
    });
  });

  it('counts what rules waive as ignored', () => {
    restart({ rules: [{ id: '1', path: '$.at', kind: 'ignore' }] });
    const run = (candidate: object) =>
      local.runs.parallelRun<object>('a', { control: () => ({ at: 1, n: 1 }), candidate: () => candidate });
    run({ at: 2, n: 1 });
    run({ at: 2, n: 2 });
    expect(local.report()).toMatchObject({
      verdicts: { ignored: 1, mismatch: 1 },
      signatures: [{ places: [{ path: '$.n' }] }],
    });
  });

  it('by a comparator that sees more than the built-in one cannot be signed', () => {
    local.runs.parallelRun('a', { control: () => 1, candidate: () => 1, compare: () => false });
    expect(local.report()).toMatchObject({ verdicts: { mismatch: 1 }, signatures: [], unsigned: 1 });
  });
});

describe('several candidates', () => {
  it('all run on a sampled call, each with a report of its own', async () => {
    const control = async () => 1;
    const candidates = { same: async () => 1, other: async () => 2 };
    for (let i = 0; i < 10; i += 1) await local.runs.parallelRun('a', { control, candidates });
    await turn();
    const told = local.runs.takeReports().map(({ candidate, verdicts }) => [candidate, verdicts]);
    expect(Object.fromEntries(told)).toEqual({ same: { match: 10 }, other: { mismatch: 10 } });
  });
});

describe('twins', () => {
  const noisy = () => {
    let calls = 0;
    return { control: () => (calls += 1) % 2, count: () => calls };
  };

  it('run on their share alone, and never where the control may have side effects', () => {
    restart({ twinShare: 25_000 });
    const { control, count } = noisy();
    for (let i = 0; i < 1_000; i += 1) local.runs.parallelRun('a', { control, candidate: () => 0 });
    expect(count()).toBe(1_000);
    for (let i = 0; i < 1_000; i += 1)
      local.runs.parallelRun('a', { control, candidate: () => 0, sideEffects: 'none' });
    expect(count()).toBeGreaterThan(2_200);
    expect(count()).toBeLessThan(2_300);
  });

  it('tell the control’s own noise from what the candidate does', () => {
    restart({ twinShare: 100_000 });
    let position = '';
    const positions = new Set<string>();
    const arm = (name: string, value: number) => () => ((position += name), value);
    const call = (control: number, twin: number, candidate: number) => {
      position = '';
      const arms = { control: arm('c', control), twin: arm('t', twin), candidate: arm('k', candidate) };
      expect(local.runs.parallelRun('a', arms)).toBe(control);
      positions.add(position);
    };
    for (let i = 0; i < 50; i += 1) call(1, 1, 1);
    for (let i = 0; i < 3; i += 1) call(1, 1, 2);
    for (let i = 0; i < 2; i += 1) call(1, 2, 1);
    call(1, 2, 2);
    expect(positions.size).toBe(6);
    const { twins, signatures, latency } = local.report();
    expect(twins).toEqual({ n: 56, b: 3, c: 2 });
    expect(signatures).toMatchObject([{ n: 4, twins: 3 }]);
    expect(latency.controlFirst.n + latency.candidateFirst.n).toBe(0);
  });

  it('whose own failure is the control’s noise', async () => {
    restart({ twinShare: 100_000 });
    const twin = async (): Promise<number> => {
      throw new Error('of the twin');
    };
    await local.runs.parallelRun('a', { control: async () => 1, twin, candidate: async () => 1 });
    const hung = () => new Promise<number>(() => undefined);
    await local.runs.parallelRun('a', { control: async () => 1, twin: hung, candidate: async () => 1 });
    await local.runtime.advance(6_000);
    expect(local.report()).toMatchObject({ verdicts: { match: 2 }, twins: { n: 1, b: 0, c: 1 } });
  });
});

describe('time', () => {
  it('is compared as the logarithm of its ratio, by which arm began', () => {
    const { runtime } = local;
    let elapsedMs = 0;
    runtime.elapsedMs = () => elapsedMs;
    const take = (ms: number) => () => ((elapsedMs += ms), 1);
    for (let i = 0; i < 100; i += 1) local.runs.parallelRun('a', { control: take(10), candidate: take(20) });
    const { latency, overhead } = local.report();
    const { controlFirst, candidateFirst } = latency;
    expect(controlFirst.n + candidateFirst.n).toBe(overhead.n);
    expect(Math.min(controlFirst.n, candidateFirst.n)).toBeGreaterThan(0);
    const ratio = Math.log((20 + UNNOTICED_MS) / (10 + UNNOTICED_MS));
    expect(controlFirst.sum / controlFirst.n).toBeCloseTo(ratio, 10);
    expect(candidateFirst.sum / candidateFirst.n).toBeCloseTo(ratio, 10);
  });

  it('that nobody notices vanishes, also where an arm takes none', () => {
    let elapsedMs = 0;
    local.runtime.elapsedMs = () => elapsedMs;
    const candidate = () => ((elapsedMs += 0.001), 1);
    for (let i = 0; i < 100; i += 1) local.runs.parallelRun('a', { control: () => 1, candidate, input: i });
    const { latency, overhead } = local.report();
    for (const { n, sum } of Object.values(latency)) expect(sum / n).toBeCloseTo(Math.log(1.01), 5);
    expect(latency.controlFirst.n + latency.candidateFirst.n).toBe(overhead.n);
  });

  it.each(['possible', 'none', 'allowed'] as const)(
    'of the shadow’s own wrapping is no candidate’s, but held up the caller, where side effects are %s',
    (sideEffects) => {
      const runtime = new FakeRuntime();
      let elapsedMs = 0;
      runtime.elapsedMs = () => elapsedMs;
      const silent = () => undefined;
      const runs = new ParallelRuns({
        ...{ runtime, version: '', currentContext: silent, variationOf: silent },
        faults: new Faults({ debug: silent, info: silent, warn: silent, error: silent }),
        mute: (work) => {
          elapsedMs += 7;
          const answer = work();
          elapsedMs += 7;
          return answer;
        },
      });
      const settings = {
        ...DEFAULT_SETTINGS,
        ...ALL,
        key: 'a',
        digestKey: 'k',
        budget: { addedMs: 1e6, loopDelayMs: 1e6 },
      };
      const compiled = compileRun(settings);
      if (compiled === undefined) throw new Error('These settings are of the right types.');
      runs.apply(new Map([['a', compiled]]));
      const arm = () => ((elapsedMs += 1), 1);
      for (let i = 0; i < 20; i += 1) {
        runs.parallelRun('a', { control: arm, candidate: arm, input: i, sideEffects });
      }
      const [report] = runs.takeReports();
      runs.close();
      const none = { sum: 0, sumSquares: 0 };
      expect(report).toMatchObject({ verdicts: { match: 20 }, latency: { controlFirst: none, candidateFirst: none } });
      expect(report?.overhead.maxAddedMs).toBe(sideEffects === 'none' ? 1 : 15);
    },
  );

  it('that candidates add beyond the budget is saved by shedding', () => {
    restart({ budget: { addedMs: 1, loopDelayMs: 1_000 } });
    let elapsedMs = 0;
    local.runtime.elapsedMs = () => elapsedMs;
    const candidate = () => ((elapsedMs += 25), 1);
    for (let i = 0; i < 10_000; i += 1) local.runs.parallelRun('a', { control: () => 1, candidate });
    expect(elapsedMs / 10_000).toBeLessThan(1.1);
    expect(elapsedMs / 10_000).toBeGreaterThan(0.3);
    const { verdicts, overhead } = local.report();
    expect((verdicts.match ?? 0) + (verdicts.shed ?? 0)).toBe(10_000);
    expect(overhead.maxAddedMs).toBe(25);
  });

  it('of a loop that is late sheds, and is told', async () => {
    const { runtime } = local;
    restart({ budget: { addedMs: 1_000, loopDelayMs: 50 } }, runtime);
    const call = () => local.runs.parallelRun('a', { control: () => 1, candidate: () => 1 });
    call();
    for (let i = 0; i < 200; i += 1) {
      await runtime.advance(100);
      call();
    }
    expect(local.report().verdicts).toEqual({ match: 201 });
    const late = new LateRuntime();
    restart({ budget: { addedMs: 1_000, loopDelayMs: 50 } }, late);
    for (let i = 0; i < 200; i += 1) {
      call();
      await late.advance(180);
    }
    const { verdicts, overhead } = local.report();
    expect(verdicts.shed).toBeGreaterThan(100);
    expect(overhead.maxLoopDelayMs).toBe(80);
  });

  it('is taken of few calls where there are many', () => {
    const { runtime } = local;
    let reads = 0;
    runtime.elapsedMs = () => (reads += 1) * 0;
    for (let i = 0; i < 10_000; i += 1) local.runs.parallelRun('a', { control: () => 1, candidate: () => 1 });
    expect(local.report().verdicts).toEqual({ match: 10_000 });
    expect(reads).toBeLessThan(10_000 * 0.4);
  });

  it('beyond its deadline makes a synchronous candidate late as well', () => {
    let elapsedMs = 0;
    local.runtime.elapsedMs = () => elapsedMs;
    local.runs.parallelRun('a', { control: () => 1, candidate: () => ((elapsedMs += 101), 1), deadlineMs: 100 });
    expect(local.report().verdicts).toEqual({ timeout: 1 });
  });
});

/** A world whose timers come 80 ms late. */
class LateRuntime extends FakeRuntime {
  override schedule(delayMs: number, task: () => void, options?: { readonly holdsProcess?: boolean }): () => void {
    return super.schedule(delayMs + 80, task, options);
  }
}

describe('samples', () => {
  it('carry the trace of the active span, where there is one', () => {
    const api = Symbol.for('opentelemetry.js.api.1');
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const span = { spanContext: () => ({ traceId }) };
    const registry = globalThis as Record<symbol, unknown>; // where the API keeps itself
    registry[api] = { context: { active: () => ({ getValue: () => span }) } };
    try {
      local.runs.parallelRun('a', { control: () => 1, candidate: () => 2, input: 'x' });
    } finally {
      delete registry[api];
    }
    local.runs.parallelRun('a', { control: () => 1, candidate: () => 2, input: 'x' });
    const [first, second] = local.report().signatures[0]?.samples ?? [];
    expect([first?.traceId, second?.traceId]).toEqual([traceId, '']);
    expect(first?.input).toMatch(/^[0-9a-f]{16}$/);
    expect(second?.input).toBe(first?.input);
  });
});
