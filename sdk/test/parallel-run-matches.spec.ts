import { afterEach, describe, expect, it } from '@jest/globals';
import { Faults } from '../src/parallel-run/faults.js';
import { ParallelRuns } from '../src/parallel-run/parallel-runs.js';
import { compileRun } from '../src/parallel-run/read-settings.js';
import type { ParallelRunReport } from '../src/parallel-run/report.js';
import type { ComparisonOptions } from '../src/parallel-run/run-options.js';
import { DEFAULT_SETTINGS } from '../src/parallel-run/settings.js';
import { FakeRuntime, turn } from './fake-runtime.js';
import { ALL } from './parallel-runs.js';

/** A match that is neither timed nor told takes a short way to its count, and none of them may be lost or misplaced. */

const silent = () => undefined;
const runtime = new FakeRuntime();
const runs = new ParallelRuns({
  ...{ runtime, version: '', currentContext: silent, variationOf: silent, mute: (work) => work() },
  faults: new Faults({ debug: silent, info: silent, warn: silent, error: silent }),
});

function apply(settings: { readonly epoch: number; readonly maxConcurrent?: number } | undefined): void {
  const compiled = compileRun({ ...DEFAULT_SETTINGS, ...ALL, key: 'a', digestKey: 'k', ...settings });
  if (compiled === undefined) throw new Error('These settings are of the right types.');
  runs.apply(new Map(settings === undefined ? [] : [['a', compiled]]));
}

type Versions = Pick<ComparisonOptions<number>, 'version' | 'controlVersion'>;
const syncCall = (versions: Versions = {}) =>
  void runs.parallelRun('a', { control: () => 1, candidate: () => 1, ...versions });
const asyncCall = async (versions: Versions = {}) =>
  void (await runs.parallelRun('a', { control: async () => 1, candidate: async () => 1, ...versions }));

const countsOf = (reports: readonly ParallelRunReport[]) =>
  Object.fromEntries(
    reports.map(({ epoch, controlVersion, candidateVersion, verdicts }) => [
      `${epoch} ${controlVersion} ${candidateVersion}`,
      verdicts,
    ]),
  );

afterEach(() => {
  apply(undefined);
  runs.takeReports();
});

describe.each([
  ['synchronous', async (versions?: Versions) => syncCall(versions)],
  ['asynchronous', asyncCall],
])('matches of %s calls', (_name, call) => {
  const repeat = async (times: number, versions?: Versions) => {
    for (let i = 0; i < times; i += 1) await call(versions);
  };

  it('count with the versions that each call names', async () => {
    apply({ epoch: 1 });
    for (let round = 0; round < 100; round += 1) {
      await repeat(4);
      await repeat(3, { version: 'new' });
      await repeat(2, { controlVersion: 'old' });
      await repeat(1, { version: 'new', controlVersion: 'old' });
    }
    expect(countsOf(runs.takeReports())).toEqual({
      '1  ': { match: 400 },
      '1  new': { match: 300 },
      '1 old ': { match: 200 },
      '1 old new': { match: 100 },
    });
    expect(runs.takeReports()).toEqual([]);
  });

  it('count once, whenever reports are taken', async () => {
    apply({ epoch: 1 });
    const taken: unknown[] = [];
    for (const times of [1, 300, 7]) {
      await repeat(times);
      taken.push(countsOf(runs.takeReports()));
    }
    expect(taken).toEqual([1, 300, 7].map((match) => ({ '1  ': { match } })));
  });

  it('count beside every other verdict', async () => {
    apply({ epoch: 1 });
    await repeat(300);
    runs.parallelRun('a', { control: () => 1, candidate: () => 2 });
    await repeat(300);
    expect(countsOf(runs.takeReports())).toEqual({ '1  ': { match: 600, mismatch: 1 } });
  });

  it('count nowhere once their epoch is over, and under the next one', async () => {
    apply({ epoch: 1 });
    await repeat(300);
    apply({ epoch: 2 });
    await repeat(5);
    expect(countsOf(runs.takeReports())).toEqual({ '2  ': { match: 5 } });
  });

  it('go on counting where other settings of the same epoch are applied', async () => {
    apply({ epoch: 1 });
    await repeat(300);
    apply({ epoch: 1, maxConcurrent: 3 });
    await repeat(5);
    expect(countsOf(runs.takeReports())).toEqual({ '1  ': { match: 305 } });
  });

  it('count anew where their sums were forgotten for those of other versions', async () => {
    apply({ epoch: 1 });
    await repeat(300); // from here on most are not timed
    runs.takeReports();
    for (let version = 0; version < 200; version += 1) await call({ version: `${version}` });
    while (runs.takeReports().length > 0); // a batch holds only so many
    await repeat(2);
    expect(countsOf(runs.takeReports())).toEqual({ '1  ': { match: 2 } });
  });
});

it('a match of promises that were under way when their epoch ended counts nowhere', async () => {
  apply({ epoch: 1 });
  for (let i = 0; i < 300; i += 1) await asyncCall();
  let end = (_value: number): void => undefined;
  const answer = runs.parallelRun('a', {
    control: () => new Promise<number>((resolve) => (end = resolve)),
    candidate: async () => 1,
  });
  runs.takeReports();
  apply({ epoch: 2 });
  end(1);
  await answer;
  await turn();
  expect(runs.takeReports()).toEqual([]);
});
