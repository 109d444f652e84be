import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as later } from 'node:timers/promises';
import { Clock } from '../../src/kernel/clock.js';
import type { PolicyPlan } from '../../src/policies/plan-policy.js';
import { ControlPlane, type LiveEnvironment } from '../clients/control-plane.js';

const START_TIMEOUT_MS = 60_000;
const MINUTE_MS = 60_000;
const HISTORY_MINUTES = 60;

let plane: ControlPlane;
let shop: LiveEnvironment;
let silent: LiveEnvironment;
let batches = 0;

beforeAll(async () => {
  plane = await ControlPlane.start({ SLUICE_TICK_SECONDS: '0.2' });
  shop = await plane.createEnvironment();
  silent = await plane.createEnvironment();
  await measureAnHour();
}, START_TIMEOUT_MS);
afterAll(() => plane.close(), START_TIMEOUT_MS);

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

async function send(path: string, body: unknown, token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(plane.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Sends what an SDK instance measured, as it would. */
async function report(measurements: readonly object[]): Promise<void> {
  const now = new Date().toISOString();
  const instance = { id: 'i', name: 'shop-1', sdk: 'test', revision: 1_000_000, revisionAppliedAt: now };
  const batch = { batchId: `b${(batches += 1)}`, instance, from: now, to: now, evaluations: [], measurements };
  const { status } = await send('/sdk/v1/telemetry', batch, shop.tokens.server.secret);
  expect(status).toBe(202);
}

const sums = (n: number, bad: number) => ({ n, bad, anonymousBad: bad, sum: 0, sumSquares: 0 });
const ordinary = (subject: string, metric: string, n: number, bad: number) => {
  return { rollout: null, subject, arm: 'stable', metric, ...sums(n, bad) };
};

/** An hour of traffic, reported minute by minute to a server whose clock goes through that hour. */
async function measureAnHour(): Promise<void> {
  const clock = plane.server.app.get(Clock);
  const real = clock.now.bind(clock);
  for (let ago = HISTORY_MINUTES; ago > 0; ago -= 1) {
    Object.assign(clock, { now: () => new Date(real().getTime() - ago * MINUTE_MS) });
    await report([
      ordinary('all', 'unit', 200, 2),
      ordinary('service/checkout', 'unit', 50, 5),
      ordinary('service/checkout', 'request', 50, 0),
    ]);
  }
  Object.assign(clock, { now: real });
}

const plan = ({ project }: LiveEnvironment, policy: string, body: object = {}) =>
  plane.manage<PolicyPlan & { traffic: object; policy: object; subject: string }>(
    'POST',
    `/projects/${project}/policies/${policy}/plan`,
    { environment: 'live', ...body },
  );
const backTest = ({ project }: LiveEnvironment, policy: string, body: object = {}) =>
  plane.manage<BackTestAnswer>('POST', `/projects/${project}/policies/${policy}/back-test`, body);

interface BackTestAnswer {
  readonly recorded: Readonly<Record<'released' | 'rolledBack' | 'undecided', { rollouts: number; fired: number }>> & {
    readonly notComparable: number;
    readonly sentence: string;
    readonly rollouts: readonly {
      readonly releaseId: string;
      readonly status: string;
      readonly reasonCode: string;
      readonly fired: { readonly tick: number; readonly metric: string } | null;
    }[];
  };
  readonly splits: {
    readonly rampMinutes: number;
    readonly falseRollbacks: { readonly of: number; readonly rate: number; readonly high: number };
    readonly detections: readonly {
      readonly ratio: number;
      readonly caught: { readonly rate: number };
      readonly medianMinutes: number | null;
    }[];
  } | null;
  readonly warnings: readonly string[];
}

async function refusal(path: string, body: unknown, token?: string): Promise<Refusal> {
  const secret = token ?? (await adminToken());
  const response = await send(`/api/v1/projects/${path}`, body, secret);
  const problem = (await response.json()) as Refusal;
  return { ...problem, status: response.status };
}

let admin: string | undefined;
async function adminToken(): Promise<string> {
  admin ??= (await plane.manage<{ secret: string }>('POST', '/tokens', { kind: 'admin', name: 'admin' })).secret;
  return admin;
}

async function aPolicy(key: string, document: object, parameters: readonly object[] = []): Promise<string> {
  await plane.manage('POST', `/projects/${shop.project}/policies`, { key, name: key, document, parameters });
  return key;
}

describe('a plan', () => {
  it('answers for a preset from what was measured', async () => {
    const { traffic, steps, policy, metrics, totalMinutes } = await plan(shop, 'standard');
    expect(policy).toEqual({ key: 'standard', version: 0 });
    expect(traffic).toMatchObject({ badRate: 0.01, phi: 1, source: 'history' });
    // The last minute is over at any moment of this one: sixty minutes, or one more when a new one has begun since.
    expect(traffic).toHaveProperty('unitsPerMinute', expect.closeTo(200, -1));
    expect(steps.map(({ share }) => share)).toEqual([1_000, 5_000, 25_000, 50_000, 100_000]);
    expect(steps[0]?.candidateUnitsPerMinute).toBeCloseTo(2, 0);
    expect(steps[0]?.sampleMinutes).toBeCloseTo(50, -1);
    expect(steps[0]?.warnings[0]).toMatch(/^At [\d.]+ units of the candidate a minute the sample of 100 takes/u);
    expect(steps[2]?.metrics[0]?.sentence).toMatch(/^This step can see a 2× rise in \d+ min; its hold is 15 min, in/u);
    expect(steps[4]?.metrics[0]?.sentence).toMatch(/^At 100 %/u);
    expect(metrics[0]).toMatchObject({ metric: 'failures', alpha: 0.01, badRate: 0.01 });
    expect(metrics[0]?.ramp[4]?.chance).toBeGreaterThan(0.99);
    expect(totalMinutes).toBeGreaterThan(90);
  });

  it('answers for a service, with a policy of the project and its arguments', async () => {
    const document = {
      steps: [{ share: { parameter: 'first' }, holdSeconds: 600 }, { share: 100_000 }],
      metrics: [
        { kind: 'failures', name: 'failures', count: 'units' },
        { kind: 'slow', name: 'slow', duration: 'request', slowerThanMs: 100 },
      ],
    };
    await aPolicy('argued', document, [{ name: 'first', default: 10_000 }]);
    const { steps, metrics } = await plan(shop, 'argued', {
      subject: 'service/checkout',
      arguments: { first: 50_000 },
    });
    expect(steps[0]?.share).toBe(50_000);
    expect(metrics.map(({ metric, alpha, badRate }) => [metric, alpha, badRate])).toEqual([
      ['failures', 0.005, 0.1],
      ['slow', 0.005, null],
    ]);
    expect(steps[0]?.metrics[1]?.sentence).toMatch(/give "badRate"/u);
  });

  it('answers from what it is told where nothing was measured', async () => {
    const given = { unitsPerMinute: 1_000, badRate: 0.01 };
    const { traffic, steps } = await plan(silent, 'quick', given);
    expect(traffic).toEqual({ ...given, phi: 1, from: null, to: null, minutes: 0, source: 'given' });
    expect(steps[0]).toMatchObject({ candidateUnitsPerMinute: 50, sampleMinutes: 10, minutes: 10 });
    expect((await plan(shop, 'quick', { badRate: 0.5 })).traffic).toMatchObject({ badRate: 0.5, source: 'mixed' });
    expect((await plan(silent, 'blue-green', { unitsPerMinute: 10 })).metrics).toEqual([]);
  });

  it('is read by whoever reads policies', async () => {
    const { secret } = await plane.manage<{ secret: string }>('POST', '/tokens', {
      kind: 'ci',
      name: 'ci',
      project: shop.project,
    });
    const path = `/api/v1/projects/${shop.project}/policies/standard/plan`;
    expect((await send(path, { environment: 'live' }, secret)).status).toBe(200);
    expect((await send(path, { environment: 'live' }, shop.tokens.server.secret)).status).toBe(403);
  });

  it.each<[string, string, object, number, string, RegExp]>([
    ['unknown environment', 'standard', { environment: 'moon' }, 404, 'ENVIRONMENT_NOT_FOUND', /moon/u],
    ['unknown policy', 'nope', { environment: 'live' }, 404, 'POLICY_NOT_FOUND', /nope/u],
    ['unmeasured service', 'standard', { environment: 'live', subject: 'service/x' }, 412, 'NO_HISTORY', /badRate/u],
    [
      'unknown bad rate',
      'standard',
      { environment: 'live', subject: 'service/x', unitsPerMinute: 5 },
      412,
      'BAD_RATE_UNKNOWN',
      /Say "badRate"/u,
    ],
    ['flag as subject', 'standard', { environment: 'live', subject: 'flag/x' }, 400, 'VALIDATION_FAILED', /./u],
    ['look too far back', 'standard', { environment: 'live', lookbackHours: 169 }, 400, 'VALIDATION_FAILED', /./u],
    ['rate of nothing', 'standard', { environment: 'live', badRate: 0 }, 400, 'VALIDATION_FAILED', /./u],
    ['field nobody knows', 'standard', { environment: 'live', x: 1 }, 400, 'VALIDATION_FAILED', /./u],
    [
      'argument nobody asked for',
      'standard',
      { environment: 'live', arguments: { x: 1 } },
      400,
      'VALIDATION_FAILED',
      /./u,
    ],
    ['request without environment', 'standard', {}, 400, 'VALIDATION_FAILED', /./u],
  ])('refuses: %s', async (_name, policy, body, status, code, sentence) => {
    const refused = await refusal(`${shop.project}/policies/${policy}/plan`, body);
    expect(refused).toMatchObject({ status, code });
    expect(refused.detail).toMatch(sentence);
  });
});

describe('a back-test', () => {
  let bad: string;
  let good: string;

  beforeAll(async () => {
    const metrics = [{ kind: 'failures', name: 'failures' }];
    await aPolicy('judged', { steps: [{ share: 10_000 }, { share: 100_000 }], metrics });
    bad = await releaseOf('bad-flag', [100, 30]);
    good = await releaseOf('good-flag', [100, 1]);
  }, START_TIMEOUT_MS);

  /** Releases a flag, whose candidate's units go bad so often, until it is over; answers the release's id. */
  async function releaseOf(flag: string, [n, badUnits]: readonly [number, number]): Promise<string> {
    const variations = ['on', 'off'].map((key) => ({ key, value: key === 'on' }));
    await plane.manage('POST', `/projects/${shop.project}/flags`, {
      key: flag,
      type: 'boolean',
      name: flag,
      variations,
    });
    const { id, rollout } = await plane.manage<{ id: string; rollout: { id: string } }>('POST', '/releases', {
      project: shop.project,
      environment: 'live',
      changes: [{ kind: 'flag', flag, ramp: { variation: 'on' } }],
      policy: 'judged',
      start: true,
    });
    const arm = (name: string, units: number, badOnes: number) => {
      return { rollout: rollout.id, subject: `flag/${flag}`, arm: name, metric: 'unit', ...sums(units, badOnes) };
    };
    await report([arm('stable', 900, 9), arm('candidate', n, badUnits)]);
    for (let tries = 0; tries < 300; tries += 1) {
      const { status } = await plane.manage<{ status: string }>('GET', `/releases/${id}`);
      if (status === 'released' || status === 'rolledBack') return id;
      await later(50);
    }
    throw new Error(`The release of ${flag} never ended.`);
  }

  it('replays what was recorded, beside how it ended', async () => {
    const { recorded, splits } = await backTest(shop, 'judged', { aaSplits: 0 });
    expect(splits).toBeNull();
    expect(recorded).toMatchObject({
      released: { rollouts: 1, fired: 0 },
      rolledBack: { rollouts: 1, fired: 1 },
      undecided: { rollouts: 0, fired: 0 },
      notComparable: 0,
      sentence: 'Would have rolled back 0 of 1 that were released, and caught 1 of 1 that were rolled back.',
    });
    const byRelease = new Map(recorded.rollouts.map((each) => [each.releaseId, each]));
    expect(byRelease.get(bad)).toMatchObject({
      status: 'rolledBack',
      reasonCode: 'EVIDENCE_BAD',
      fired: { metric: 'failures' },
    });
    expect(byRelease.get(good)).toMatchObject({ status: 'released', fired: null });
    const newest = await backTest(shop, 'judged', { aaSplits: 0, releases: 1 });
    expect(newest.recorded.rollouts.map(({ releaseId }) => releaseId)).toEqual([good]);
  });

  it('does not pretend to know what was not recorded, or acted on', async () => {
    const others = [
      { kind: 'events', name: 'oops', event: 'oops' },
      { kind: 'failures', name: 'failures', dryRun: true },
    ];
    await aPolicy('other', { steps: [{ share: 10_000 }, { share: 100_000 }], metrics: others });
    const { recorded } = await backTest(shop, 'other', { aaSplits: 0 });
    expect(recorded).toMatchObject({ notComparable: 2, released: { rollouts: 0 }, rolledBack: { rollouts: 0 } });
    expect(recorded.sentence).toMatch(/2 more recorded nothing of what the policy counts/u);
  });

  it('splits ordinary traffic: without a difference it rolls nothing back, and a rise it does', async () => {
    const long = { steps: [{ share: 25_000, holdSeconds: 3_600 }, { share: 100_000 }] };
    await aPolicy('long', { ...long, metrics: [{ kind: 'failures', name: 'failures' }] });
    const asked = { environment: 'live', releases: 0, aaSplits: 200, ratios: [3, 10], seed: 9 };
    const answer = await backTest(shop, 'long', asked);
    expect(answer.splits).toMatchObject({ rampMinutes: 60, falseRollbacks: { of: 200 } });
    expect(answer.splits?.falseRollbacks.rate).toBeLessThanOrEqual(0.01);
    expect(answer.splits?.detections.map(({ ratio, caught }) => [ratio, caught.rate > 0.9])).toEqual([
      [3, true],
      [10, true],
    ]);
    const [threefold, tenfold] = answer.splits?.detections ?? [];
    expect(threefold?.medianMinutes).toBeGreaterThan(tenfold?.medianMinutes ?? Infinity);
    const planned = (await plan(shop, 'long')).metrics[0]?.ramp.find(({ ratio }) => ratio === 3)?.medianMinutes;
    expect(Math.abs((planned ?? NaN) / (threefold?.medianMinutes ?? NaN) - 1)).toBeLessThan(0.25);
    expect(answer.warnings.join()).toMatch(/split by failing units/u);
    const { splits } = await backTest(shop, 'long', { ...asked, lookbackHours: 2 });
    expect(splits?.falseRollbacks.of).toBe(200);
  });

  it('tells why it split nothing', async () => {
    expect((await backTest(shop, 'judged')).warnings).toEqual([
      'Traffic was not split: say which "environment" it is of.',
    ]);
    const { splits, warnings } = await backTest(shop, 'judged', { environment: 'live', subject: 'service/x' });
    expect([splits, warnings]).toEqual([null, [expect.stringMatching(/^No unit of service\/x was measured/u)]]);
  });

  it.each<[string, string, object, number, string]>([
    ['unknown environment', 'judged', { environment: 'moon' }, 404, 'ENVIRONMENT_NOT_FOUND'],
    ['unknown policy', 'nope', {}, 404, 'POLICY_NOT_FOUND'],
    ['flag as subject', 'judged', { subject: 'flag/x' }, 400, 'VALIDATION_FAILED'],
    ['ratio below 1', 'judged', { ratios: [2, 0.5] }, 400, 'VALIDATION_FAILED'],
    ['ratio of 1, which is no change', 'judged', { ratios: [1] }, 400, 'VALIDATION_FAILED'],
    ['too many splits', 'judged', { aaSplits: 2_001 }, 400, 'VALIDATION_FAILED'],
    ['too many releases', 'judged', { releases: 501 }, 400, 'VALIDATION_FAILED'],
    ['ramp too long for so many', 'cautious', { environment: 'live', aaSplits: 2_000 }, 412, 'BACK_TEST_TOO_LARGE'],
    ['nothing asked for', 'judged', { releases: 0, aaSplits: 0 }, 412, 'NOTHING_TO_REPLAY'],
  ])('refuses: %s', async (_name, policy, body, status, code) => {
    expect(await refusal(`${shop.project}/policies/${policy}/back-test`, body)).toMatchObject({ status, code });
  });

  it('refuses where there is no history at all, with a sentence', async () => {
    const refused = await refusal(`${silent.project}/policies/standard/back-test`, { environment: 'live' });
    expect(refused).toMatchObject({ status: 412, code: 'NOTHING_TO_REPLAY' });
    expect(refused.detail).toMatch(/No unit of all was measured in the last 24 h/u);
  });

  it('runs one at a time, and the server answers meanwhile', async () => {
    const path = `${shop.project}/policies/cautious/back-test`;
    const body = { environment: 'live', aaSplits: 100, ratios: [1.05] };
    const token = await adminToken();
    const first = send(`/api/v1/projects/${path}`, body, token);
    let isOver = false;
    void first.then(() => (isOver = true));
    let second: Refusal | undefined;
    let answered = 0;
    while (!isOver) {
      expect((await fetch(`${plane.url}/healthz`)).status).toBe(200);
      answered += isOver ? 0 : 1;
      if (second === undefined && !isOver) {
        const asked = await refusal(path, { ...body, aaSplits: 1 });
        if (asked.status === 429) second = asked;
      }
    }
    expect((await first).status).toBe(200);
    expect(second).toMatchObject({ status: 429, code: 'BACK_TEST_RUNNING' });
    expect(answered).toBeGreaterThan(3);
  });
});
