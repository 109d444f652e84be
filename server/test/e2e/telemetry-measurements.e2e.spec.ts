import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createClient, type EvaluationContext, type SluiceClient } from '@sluice/sdk';
import { quantileOf } from '@sluice/sdk/ddsketch';
import type { Snapshot } from '@sluice/sdk/evaluation';
import { Clock } from '../../src/kernel/clock.js';
import { Transactions } from '../../src/kernel/transactions.js';
import {
  MeasurementsReader,
  type MeasurementTotal,
  ReachReader,
  ReportedVersionsReader,
} from '../../src/telemetry/index.js';
import { ControlPlane, type LiveEnvironment } from '../clients/control-plane.js';

const START_TIMEOUT_MS = 60_000;

let plane: ControlPlane;
let environment: LiveEnvironment;
let rollout: string;
beforeAll(async () => {
  plane = await ControlPlane.start();
}, START_TIMEOUT_MS);
afterAll(() => plane.close(), START_TIMEOUT_MS);

beforeEach(async () => {
  environment = await plane.createEnvironment();
  rollout = randomUUID();
  const variations = ['off', 'on'].map((key) => ({ key, value: key === 'on' }));
  await environment.createFlag(
    { key: 'new-cart', type: 'boolean', ...{ variations } },
    {
      on: true,
      defaultServe: {
        split: {
          shares: [
            { variation: 'off', share: 50_000 },
            { variation: 'on', share: 50_000 },
          ],
        },
      },
    },
  );
});

/** The platform's fetch, by which a snapshot says that the flag and a service are being ramped. */
const rampedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const url = input instanceof Request ? input.url : input.toString();
  if (!url.endsWith('/sdk/v1/snapshot') || response.status !== 200) return response;
  const snapshot = (await response.json()) as Snapshot;
  const services = [{ key: 'checkout', stable: 'v1', candidate: { version: 'v2', share: 50_000 } }];
  const ramps = [
    { rollout, subject: 'flag/new-cart', stable: 'off', candidate: 'on', share: 50_000 },
    { rollout, subject: 'service/checkout', stable: 'v1', candidate: 'v2', share: 50_000 },
  ];
  return Response.json({ ...snapshot, services, ramps }, { headers: { etag: response.headers.get('etag') ?? '' } });
};

const open = (fetchBy = rampedFetch, version = 'v1'): Promise<SluiceClient> =>
  createClient({
    url: plane.url,
    token: environment.tokens.server.secret,
    cacheDir: false,
    streaming: false,
    telemetryIntervalMs: 60_000,
    service: { key: 'shop', version },
    fetch: fetchBy,
  });
const read = <T>(answer: (tx: Parameters<Parameters<Transactions['read']>[0]>[0]) => Promise<T>) =>
  plane.server.app.get(Transactions).read(answer);
const totals = async (): Promise<readonly MeasurementTotal[]> => {
  const of = { id: rollout, environmentId: environment.id };
  return (await read((tx) => plane.server.app.get(MeasurementsReader).totals(tx, [of]))).get(rollout) ?? [];
};
const find = (all: readonly MeasurementTotal[], subject: string, arm: string, metric: string) =>
  all.find((each) => each.subject === subject && each.arm === arm && each.metric === metric);

/** What a client's units came to, counted beside it. */
interface Ledger {
  units: number;
  bad: number;
  callers: Set<string>;
  durations: number[];
}

/** Works through units of two hundred users; every seventh fails. Answers what each arm of the flag saw. */
function work(sluice: SluiceClient, rounds: number): Record<'stable' | 'candidate', Ledger> {
  const none = (): Ledger => ({ units: 0, bad: 0, callers: new Set(), durations: [] });
  const ledgers = { stable: none(), candidate: none() };
  for (let i = 0; i < rounds; i += 1) {
    const context: EvaluationContext = { targetingKey: `user-${i % 200}` };
    const unit = sluice.unit(context);
    const ledger = ledgers[unit.boolean('new-cart', false) ? 'candidate' : 'stable'];
    unit.duration('request', i % 50);
    if (i % 7 === 0) {
      unit.fail();
      ledger.bad += 1;
      ledger.callers.add(`user-${i % 200}`);
    }
    unit.end();
    ledger.units += 1;
    ledger.durations.push(i % 50);
  }
  return ledgers;
}

function expectExact(found: readonly MeasurementTotal[], arm: 'stable' | 'candidate', ledger: Ledger): void {
  const { units, bad, callers, durations } = ledger;
  expect(find(found, 'flag/new-cart', arm, 'unit')).toMatchObject({ n: units, bad, callers: callers.size });
  const sum = durations.reduce((total, ms) => total + ms, 0);
  const sumSquares = durations.reduce((total, ms) => total + ms * ms, 0);
  const request = find(found, 'flag/new-cart', arm, 'request');
  expect(request).toMatchObject({ n: units, sum, sumSquares });
  const sorted = durations.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(0.5 * (sorted.length - 1))] ?? Number.NaN;
  const found50 = request?.sketch ? quantileOf(request.sketch, 0.5) : undefined;
  expect(Math.abs((found50 ?? Number.NaN) - median)).toBeLessThanOrEqual(median * 0.0101);
}

it('sums what the units of both arms measured, to the last one', async () => {
  const sluice = await open();
  const ledgers = work(sluice, 1_000);
  expect(await sluice.flush()).toBe(true);
  const more = work(sluice, 333);
  await sluice.close();
  for (const arm of ['stable', 'candidate'] as const) {
    ledgers[arm].units += more[arm].units;
    ledgers[arm].bad += more[arm].bad;
    ledgers[arm].durations.push(...more[arm].durations);
    for (const caller of more[arm].callers) ledgers[arm].callers.add(caller);
  }
  const found = await totals();
  expectExact(found, 'stable', ledgers.stable);
  expectExact(found, 'candidate', ledgers.candidate);
  expect(ledgers.stable.units + ledgers.candidate.units).toBe(1_333);

  const now = plane.server.app.get(Clock).now().getTime();
  const window = { from: new Date(now - 3_600_000), to: new Date(now + 60_000) };
  const history = await read((tx) =>
    plane.server.app.get(MeasurementsReader).history(tx, environment.id, { subject: 'all', metric: 'unit', ...window }),
  );
  expect(history.reduce((sum, { n }) => sum + n, 0)).toBe(1_333);
});

it('counts once what is sent again because its answer was lost, and callers once that several instances saw', async () => {
  let lost = 3;
  const losing: typeof fetch = async (input, init) => {
    const response = await rampedFetch(input, init);
    if (init?.method !== 'POST' || lost === 0) return response;
    lost -= 1;
    throw new TypeError('the connection broke');
  };
  const [first, second] = [await open(losing), await open()];
  const ledgers = work(first, 400);
  for (let attempt = 0; attempt < 3; attempt += 1) expect(await first.flush()).toBe(false);
  expect(await first.flush()).toBe(true);
  expectExact(await totals(), 'candidate', ledgers.candidate);
  work(second, 400);
  await Promise.all([first.close(), second.close()]);
  const found = await totals();
  for (const arm of ['stable', 'candidate'] as const) {
    const { units, bad, callers } = ledgers[arm];
    expect(find(found, 'flag/new-cart', arm, 'unit')).toMatchObject({
      n: 2 * units,
      bad: 2 * bad,
      callers: callers.size,
    });
  }
});

it('credits versions of services and calls of them, and those without a key to nobody', async () => {
  const sluice = await open();
  const counts = { v1: 0, v2: 0 };
  for (let i = 0; i < 100; i += 1) {
    const unit = sluice.unit({ targetingKey: `user-${i}` });
    const { version } = unit.version('checkout');
    counts[version === 'v2' ? 'v2' : 'v1'] += 1;
    unit.called('checkout', 5, i % 2 === 0);
    unit.end();
  }
  const keyless = sluice.unit({});
  expect(keyless.version('checkout').version).toBe('v1');
  keyless.end();
  await sluice.close();
  const found = await totals();
  expect(find(found, 'service/checkout', 'stable', 'unit')?.n).toBe(counts.v1);
  expect(find(found, 'service/checkout', 'candidate', 'unit')?.n).toBe(counts.v2);
  const calls = found.filter(({ metric }) => metric === 'checkout.request');
  expect(calls.map(({ subject }) => subject)).toEqual(['service/checkout', 'service/checkout']);
  expect(calls.reduce((sum, { bad }) => sum + bad, 0)).toBe(50);
  // Each of them failed once.
  expect(calls.reduce((sum, { callers }) => sum + callers, 0)).toBe(50);
});

it('tells which versions run, and how far a revision has reached', async () => {
  const [old, fresh] = [await open(rampedFetch, 'v1'), await open(rampedFetch, 'v2')];
  await Promise.all([old.flush(), fresh.flush()]);
  const versions = await read((tx) => plane.server.app.get(ReportedVersionsReader).byService(tx, environment.id));
  expect(versions.map(({ service, version, instances }) => [service, version, instances.length])).toEqual([
    ['shop', 'v1', 1],
    ['shop', 'v2', 1],
  ]);
  const revision = fresh.revision ?? -1;
  const reachOf = (asked: number) => read((tx) => plane.server.app.get(ReachReader).reach(tx, environment.id, asked));
  expect(await reachOf(revision)).toMatchObject({ instances: 2, current: 2, laggards: [], silent: 0 });
  const behind = await reachOf(revision + 1);
  expect(behind).toMatchObject({ instances: 2, current: 0, silent: 0 });
  expect(behind.laggards.map((each) => each.revision)).toEqual([revision, revision]);
  await old.close();
  expect(await reachOf(revision + 1)).toMatchObject({ instances: 1, laggards: [{ revision }], silent: 0 });
  await fresh.close();
  expect(await reachOf(revision + 1)).toEqual({ instances: 0, current: 0, laggards: [], silent: 0 });
});
