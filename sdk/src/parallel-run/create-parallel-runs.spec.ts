import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeRuntime, turn } from '../../test/fake-runtime.js';
import { silentLogger } from '../../test/clients.js';
import type { ParallelRunReport } from './report.js';
import type { RunResult } from './run-options.js';
import { createParallelRuns, type LocalParallelRuns, type ParallelRunsOptions } from './create-parallel-runs.js';

const ALL = { share: 100_000, twinShare: 0 };
let open: LocalParallelRuns[] = [];

afterEach(() => {
  for (const runs of open) runs.close();
  open = [];
});

function start(options: ParallelRunsOptions = {}, runtime = new FakeRuntime()) {
  const told: RunResult[] = [];
  const runs = createParallelRuns(
    { settings: ALL, publish: (result) => told.push(result), logger: silentLogger, ...options },
    runtime,
  );
  open.push(runs);
  const report = (): ParallelRunReport => {
    const [only] = runs.takeReports();
    if (only === undefined) throw new Error('nothing was reported');
    return only;
  };
  return { runs, told, runtime, report };
}

describe('a synchronous run', () => {
  it('answers with the control, and counts what the candidate came to', async () => {
    const { runs, told, report } = start();
    expect(runs.parallelRun('price', { control: () => 3, candidate: () => 3 })).toBe(3);
    expect(runs.parallelRun('price', { control: () => ({ a: 1 }), candidate: () => ({ a: 2 }) })).toEqual({ a: 1 });
    await turn();
    expect(told.map(({ verdict }) => verdict)).toEqual(['match', 'mismatch']);
    const { verdicts, inputs, signatures } = report();
    expect({ verdicts, inputs }).toEqual({ verdicts: { match: 1, mismatch: 1 }, inputs: { n: 2, x: 1 } });
    expect(signatures.map(({ places }) => places)).toEqual([[{ path: '$.a', kind: 'value', transition: '+1' }]]);
    expect(runs.takeReports()).toEqual([]);
  });
});

describe('an asynchronous run', () => {
  it('hands on the very promise of the control', async () => {
    const { runs, report } = start();
    const promise = Promise.resolve({ a: 1 });
    expect(runs.parallelRun('price', { control: () => promise, candidate: async () => ({ a: 1 }) })).toBe(promise);
    await turn();
    expect(report().verdicts).toEqual({ match: 1 });
  });
});
