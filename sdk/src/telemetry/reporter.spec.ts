import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeRuntime, turn } from '../../test/fake-runtime.js';
import { CandidateSums } from '../parallel-run/candidate-sums.js';
import type { ParallelRunReport } from '../parallel-run/report.js';
import type { TelemetryBatch } from './batch.js';
import { type EndedUnit, Measurements } from './measurements.js';
import type { SendOutcome } from './report-policy.js';
import { Reporter } from './reporter.js';
import { Summary } from './summary.js';
import { Tracking } from './tracking.js';

const silent = () => undefined;
const delivered: SendOutcome = { kind: 'delivered' };
const uncertain: SendOutcome = { kind: 'uncertain' };

let runtime: FakeRuntime;
let summary: Summary;
let tracking: Tracking;
let measurements: Measurements;
let parallelRuns: ParallelRunReport[];
let droppedUnits: number;
let sent: TelemetryBatch[];
let fate: SendOutcome;
let revision: number;
let reporter: Reporter;
let warnings: string[];

beforeEach(() => {
  runtime = new FakeRuntime();
  summary = new Summary(100);
  tracking = new Tracking();
  parallelRuns = [];
  sent = [];
  fate = delivered;
  revision = 1;
  warnings = [];
  let batches = 0;
  measurements = new Measurements();
  droppedUnits = 0;
  reporter = new Reporter({
    summary,
    tracking,
    measurements,
    takeDroppedUnits: () => droppedUnits,
    takeParallelRuns: () => parallelRuns.splice(0),
    runtime,
    logger: { debug: silent, info: silent, error: silent, warn: (message) => void warnings.push(message) },
    intervalMs: 10_000,
    newBatchId: () => `batch-${(batches += 1)}`,
    describeInstance: () => ({ id: 'i', name: 'n', sdk: 's', revision, revisionAppliedAt: null }),
    send: (batch) => {
      sent.push(batch);
      return Promise.resolve(fate);
    },
  });
});

const counts = (batches: readonly TelemetryBatch[]) =>
  batches.flatMap((batch) => batch.evaluations).reduce((sum, entry) => sum + entry.count, 0);

describe('Reporter', () => {
  it('sends sums once per interval, with bounds that join', async () => {
    reporter.start();
    for (let tick = 0; tick < 6; tick += 1) {
      summary.record('a', 'on', runtime.now());
      await runtime.advance(10_000);
    }
    expect(sent.length).toBeGreaterThanOrEqual(4);
    expect(sent.length).toBeLessThanOrEqual(7);
    sent.slice(1).forEach((batch, index) => expect(batch.from).toBe(sent[index]?.to));
    expect(new Set(sent.map((batch) => batch.batchId)).size).toBe(sent.length);
  });

  it('repeats a batch of uncertain fate unchanged before newer sums, and counts nothing twice', async () => {
    summary.record('a', 'on', runtime.now());
    fate = uncertain;
    expect(await reporter.flush()).toBe(false);
    summary.record('a', 'on', runtime.now());
    summary.record('a', 'off', runtime.now());
    expect(await reporter.flush()).toBe(false);
    expect(sent[1]).toBe(sent[0]);

    fate = delivered;
    expect(await reporter.flush()).toBe(true);
    expect(sent).toHaveLength(4);
    expect(sent[2]).toBe(sent[0]);
    expect(counts(sent.slice(2))).toBe(3);
  });

  it('keeps one batch and one summary through a day without a control plane', async () => {
    fate = uncertain;
    reporter.start();
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      summary.record(`flag-${minute % 10}`, 'on', runtime.now());
      await runtime.advance(60_000);
      expect(runtime.timers).toBe(1);
    }
    expect(new Set(sent.map((batch) => batch.batchId)).size).toBe(1);
    expect(sent.length).toBeLessThan(24 * 60);

    fate = delivered;
    await reporter.flush();
    expect(counts([...new Map(sent.map((batch) => [batch.batchId, batch])).values()])).toBe(24 * 60);
  });

  it('acknowledges a new revision within a second', async () => {
    reporter.start();
    await runtime.advance(20_000);
    const before = sent.length;
    revision = 2;
    reporter.acknowledge();
    await runtime.advance(1_000);
    expect(sent.slice(before).map((batch) => batch.instance.revision)).toEqual([2]);
  });

  it('acknowledges a revision that arrives while a report is under way', async () => {
    let release: (outcome: SendOutcome) => void = silent;
    const batches: TelemetryBatch[] = [];
    const slow = new Reporter({
      summary,
      tracking,
      measurements,
      takeDroppedUnits: () => 0,
      takeParallelRuns: () => [],
      runtime,
      logger: { debug: silent, info: silent, error: silent, warn: silent },
      intervalMs: 10_000,
      newBatchId: () => 'batch',
      describeInstance: () => ({ id: 'i', name: 'n', sdk: 's', revision, revisionAppliedAt: null }),
      send: (batch) => {
        batches.push(batch);
        return new Promise((resolve) => (release = resolve));
      },
    });
    void slow.flush();
    await turn();
    revision = 2;
    slow.acknowledge();
    await runtime.advance(1_000);
    expect(batches).toHaveLength(1);
    release(delivered);
    await runtime.advance(1_000);
    expect(batches.map((batch) => batch.instance.revision)).toEqual([1, 2]);
  });

  it('says once a minute that a quiet instance is alive', async () => {
    reporter.start();
    await runtime.advance(600_000);
    expect(sent.length).toBeGreaterThanOrEqual(8);
    expect(sent.length).toBeLessThanOrEqual(11);
  });

  it('drops a batch the server will never take, and says so', async () => {
    summary.record('a', 'on', 0);
    fate = { kind: 'rejected' };
    expect(await reporter.flush()).toBe(false);
    fate = delivered;
    expect(await reporter.flush()).toBe(true);
    expect(sent).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });

  it('warns of evaluations it could not tell apart', async () => {
    for (let i = 0; i < 150; i += 1) summary.record(`key-${i}`, null, 0);
    await reporter.flush();
    expect(sent[0]?.evaluations).toHaveLength(100);
    expect(warnings[0]).toMatch(/^50 evaluations/);
  });

  it('reports what was tracked, with the evaluations or alone, and says nothing of it otherwise', async () => {
    summary.record('a', 'on', runtime.now());
    await reporter.flush();
    tracking.record('bought', 20, runtime.now());
    await reporter.flush();
    expect(sent.map(({ tracked }) => tracked)).toEqual([
      undefined,
      [{ event: 'bought', count: 1, sum: 20, lastAt: '2026-01-01T00:00:00.000Z' }],
    ]);
  });

  it('warns of tracked events it could not report', async () => {
    tracking.record('', 1, 0);
    await reporter.flush();
    expect(warnings[0]).toMatch(/^1 tracked events were not reported/);
  });

  it('sends nothing more once stopped, except when flushed', async () => {
    reporter.start();
    reporter.stop();
    await runtime.advance(100_000);
    expect(sent).toEqual([]);
    expect(runtime.timers).toBe(0);
    await reporter.flush();
    expect(sent).toHaveLength(1);
    expect(runtime.timers).toBe(0);
  });
});

describe('a goodbye', () => {
  const goodbyes = () => sent.filter(({ instance }) => instance.leaving);

  it('follows the last sums in a batch of its own, and is the last word', async () => {
    reporter.start();
    summary.record('a', 'on', runtime.now());
    await reporter.leave();
    expect(sent.map(({ instance, evaluations }) => [instance.leaving, evaluations.length])).toEqual([
      [undefined, 1],
      [true, 0],
    ]);
    expect(sent[1]?.from).toBe(sent[0]?.to);
    await runtime.advance(100_000);
    expect(sent).toHaveLength(2);
    expect(runtime.timers).toBe(0);
  });

  it('costs no sums and no words where the control plane does not know it', async () => {
    summary.record('a', 'on', runtime.now());
    await reporter.flush();
    fate = { kind: 'rejected' };
    await reporter.leave();
    expect(goodbyes()).toHaveLength(1);
    expect(counts(sent)).toBe(1);
    expect(warnings).toEqual([]);
  });

  it.each<SendOutcome>([uncertain, { kind: 'refused' }, { kind: 'limited', retryAfterMs: 1_000 }])(
    'is not said to who takes no reports: %j',
    async (outcome) => {
      await reporter.flush();
      summary.record('a', 'on', runtime.now());
      fate = outcome;
      await reporter.leave();
      expect(sent).toHaveLength(2);
      expect(goodbyes()).toEqual([]);
    },
  );
});

describe('measurements', () => {
  const ended: EndedUnit = { targetingKey: 'u', isBad: false, exposures: [], mixed: [], tallies: new Map() };
  const counts = () => sent.map((batch) => batch.measurements?.map(({ metric, n }) => `${metric} ${n}`));

  it('are sent unchanged until their fate is known, while newer ones wait and merge', async () => {
    measurements.credit(ended);
    fate = uncertain;
    await reporter.flush();
    measurements.credit(ended);
    measurements.credit(ended);
    await reporter.flush();
    fate = delivered;
    await reporter.flush();
    expect(counts()).toEqual([['unit 1'], ['unit 1'], ['unit 1'], ['unit 2']]);
    expect(sent[1]).toEqual(sent[0]);
  });

  it('tell of units that nobody ended, and of what was refused, once', async () => {
    droppedUnits = 3;
    measurements.accepts('unit');
    await reporter.flush();
    droppedUnits = 0;
    measurements.accepts('mixed');
    await reporter.flush();
    expect(counts()).toEqual([['dropped 3']]);
    expect(warnings).toEqual([
      expect.stringMatching(/^3 units were dropped/),
      expect.stringMatching(/^1 measurements/),
    ]);
  });
});

describe('parallel runs', () => {
  it('are reported once, unchanged until their fate is known, and reason enough for a report', async () => {
    const sums = new CandidateSums({
      ...{
        run: 'price',
        epoch: 1,
        candidate: 'candidate',
        controlVersion: '',
        candidateVersion: '',
        served: 'control',
      },
    });
    await reporter.flush();
    sums.count('match');
    parallelRuns = [sums.take()];
    fate = uncertain;
    await reporter.flush();
    fate = delivered;
    await reporter.flush();
    await reporter.flush();
    expect(sent.map((batch) => batch.parallelRuns?.map(({ verdicts }) => verdicts))).toEqual([
      undefined,
      [{ match: 1 }],
      [{ match: 1 }],
    ]);
  });
});
