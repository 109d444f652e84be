import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { EvaluationCount } from '../src/telemetry/batch.js';
import { aFlag, aSnapshot } from './builders.js';
import { Clients } from './clients.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { FakeRuntime, until } from './fake-runtime.js';

const path = '/sdk/v1/telemetry';

let plane: FakeControlPlane;
let runtime: FakeRuntime;
let clients: Clients;

beforeEach(async () => {
  const off = aFlag({ key: 'no-default' });
  const { defaultServe: _none, ...noDefault } = off;
  plane = await new FakeControlPlane(aSnapshot({ flags: [aFlag(), noDefault] })).start();
  runtime = new FakeRuntime();
  clients = new Clients(plane.url, runtime);
});

afterEach(async () => {
  await clients.closeAll();
  await plane.stop();
});

/** Sums over all batches the control plane took, each counted once. */
function counted(): Record<string, number> {
  const sums: Record<string, number> = {};
  const entries: EvaluationCount[] = [...plane.batches.values()].flatMap((batch) => batch.evaluations);
  for (const { flag, variation, count } of entries) {
    const key = `${flag}=${variation ?? '(default)'}`;
    sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

it('counts evaluations by what was served', async () => {
  const client = await clients.open();
  client.boolean('new-checkout', {}, false);
  client.boolean.details('new-checkout', {}, false);
  client.string('new-checkout', {}, 'mismatch');
  client.boolean('no-default', {}, false);
  client.boolean('missing', {}, false);
  client.evaluateAll({});
  expect(await client.flush()).toBe(true);
  expect(counted()).toEqual({
    'new-checkout=on': 2,
    'new-checkout=(default)': 1,
    'no-default=(default)': 1,
    'missing=(default)': 1,
  });
});

it('sums what is tracked, and never throws for what is not', async () => {
  const client = await clients.open();
  client.track('bought', { targetingKey: 'u' }, { value: 20 });
  client.track('bought', undefined, { value: Number.NaN });
  client.track('bought');
  // JavaScript passes anything.
  client.track(undefined as unknown as string, null as never, null as never);
  expect(await client.flush()).toBe(true);
  expect([...plane.batches.values()].flatMap(({ tracked = [] }) => tracked)).toEqual([
    { event: 'bought', count: 3, sum: 20, lastAt: new Date(runtime.now()).toISOString() },
  ]);
});

it('tells within a second that it serves a new revision', async () => {
  const client = await clients.open();
  await runtime.advance(30_000);
  plane.patch({ flags: [aFlag({ version: 2, on: false })] });
  await until(() => client.revision === 8);
  const appliedAtMs = runtime.elapsedMs();
  await runtime.reach(() => plane.received.at(-1)?.instance.revision === 8, 10);
  expect(runtime.elapsedMs() - appliedAtMs).toBeLessThan(1_100);
  expect(plane.received.at(-1)?.instance.revisionAppliedAt).toBe(
    new Date(Date.parse('2026-01-01') + appliedAtMs).toISOString(),
  );
});

it('loses and doubles nothing when answers are lost', async () => {
  const client = await clients.open();
  plane.faults.set(path, 'lose');
  client.boolean('new-checkout', {}, false);
  expect(await client.flush()).toBe(false);
  client.boolean('new-checkout', {}, false);
  expect(await client.flush()).toBe(false);
  plane.faults.clear();
  client.boolean('new-checkout', {}, false);
  expect(await client.flush()).toBe(true);
  expect(counted()).toEqual({ 'new-checkout=on': 3 });
});

it('holds its sums through an outage', async () => {
  const client = await clients.open();
  await plane.stop();
  for (let minute = 0; minute < 30; minute += 1) {
    client.boolean('new-checkout', {}, false);
    await runtime.advance(60_000);
  }
  await plane.start();
  await runtime.reach(() => counted()['new-checkout=on'] === 30);
});

it('flushes at close', async () => {
  const client = await clients.open();
  client.boolean('new-checkout', {}, false);
  await client.close();
  expect(counted()).toEqual({ 'new-checkout=on': 1 });
});

it('says goodbye once, after its last sums, however often it is closed', async () => {
  const client = await clients.open();
  client.boolean('new-checkout', {}, false);
  await Promise.all([client.close(), client.close()]);
  await client.close();
  const said = plane.received.map(({ instance, evaluations }) => [instance.leaving ?? false, evaluations.length]);
  expect(said.filter(([isLeaving]) => isLeaving)).toHaveLength(1);
  expect(said.slice(-2)).toEqual([
    [false, 1],
    [true, 0],
  ]);
  expect(plane.received.at(-1)?.instance.revision).toBe(7);
});

it('says nothing to a control plane that it never reached', async () => {
  const { client } = clients.start();
  await client.close();
  expect(plane.received).toEqual([]);
});

it('ends at once when nobody listens, and within two seconds when its goodbye hangs', async () => {
  const [first, second] = [await clients.open(), await clients.open()];
  await second.flush();
  plane.faults.set(path, 'hang');
  const startMs = runtime.elapsedMs();
  let isClosed = false;
  void second.close().then(() => (isClosed = true));
  await runtime.reach(() => isClosed);
  expect(runtime.elapsedMs() - startMs).toBeLessThanOrEqual(2_100);
  await plane.stop();
  await first.close();
  expect(plane.received.some(({ instance }) => instance.leaving)).toBe(false);
  await plane.start();
});

it('closes within two seconds although the control plane hangs', async () => {
  const client = await clients.open();
  client.boolean('new-checkout', {}, false);
  plane.faults.set('*', 'hang');
  const startMs = runtime.elapsedMs();
  let isClosed = false;
  void client.close().then(() => (isClosed = true));
  await runtime.reach(() => isClosed);
  expect(runtime.elapsedMs() - startMs).toBeLessThanOrEqual(2_100);
  expect(runtime.timers).toBe(0);
});
