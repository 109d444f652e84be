import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SluiceClient } from '../src/sluice-client.js';
import type { SnapshotParallelRun } from '../src/evaluation/snapshot.js';
import { sluiceFetch } from '../src/fetch/sluice-fetch.js';
import type { ParallelRunReport } from '../src/parallel-run/report.js';
import { aFlag, aSnapshot } from './builders.js';
import { Clients } from './clients.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { FakeRuntime, turn, until } from './fake-runtime.js';

let plane: FakeControlPlane;
let runtime: FakeRuntime;
let clients: Clients;

function aRun(changes: Partial<SnapshotParallelRun> = {}): SnapshotParallelRun {
  return {
    key: 'price',
    epoch: 3,
    share: 100_000,
    twinShare: 0,
    deadlineMs: 1_000,
    maxConcurrent: 10,
    budget: { addedMs: 1_000, loopDelayMs: 1_000 },
    windowSeconds: 3_600,
    rules: [],
    rawPaths: [],
    digestKey: 'of this run alone',
    ...changes,
  };
}

const served = { serve: { flag: 'new-checkout', variation: 'on' } };

async function openWith(run: SnapshotParallelRun, options = {}): Promise<SluiceClient> {
  plane.put(aSnapshot({ parallelRuns: [run] }));
  return clients.open(options);
}

async function reported(client: SluiceClient): Promise<readonly ParallelRunReport[]> {
  await turn();
  expect(await client.flush()).toBe(true);
  return [...plane.batches.values()].flatMap(({ parallelRuns = [] }) => parallelRuns);
}

beforeEach(async () => {
  plane = await new FakeControlPlane(aSnapshot()).start();
  runtime = new FakeRuntime();
  clients = new Clients(plane.url, runtime);
});

afterEach(async () => {
  await clients.closeAll();
  await plane.stop();
  expect(runtime.timers).toBe(0);
});

describe('a run of the control plane', () => {
  it('is off until the snapshot has it, and again when it is gone', async () => {
    const client = await clients.open();
    let calls = 0;
    const price = client.parallel(
      'price',
      (n: number) => n,
      (n) => ((calls += 1), n),
    );
    expect([price(1), client.parallelRun('price', { control: () => 2, candidate: () => ((calls += 1), 2) })]).toEqual([
      1, 2,
    ]);
    expect(calls).toBe(0);
    plane.put(aSnapshot({ revision: 8, parallelRuns: [aRun()] }));
    await until(() => client.revision === 8);
    price(1);
    expect(calls).toBe(1);
    plane.patch({ parallelRuns: [] });
    await until(() => client.revision === 9);
    price(1);
    expect(calls).toBe(1);
    expect((await reported(client)).map(({ epoch, verdicts }) => [epoch, verdicts])).toEqual([[3, { match: 1 }]]);
  });

  it('reports under its epoch and versions; what belongs to another epoch is dropped', async () => {
    const client = await openWith(aRun(), { service: { key: 'shop', version: 'v7' } });
    client.parallelRun('price', { control: () => 1, candidate: () => 1 });
    let finish: (value: number) => void = () => undefined;
    void client.parallelRun('price', {
      control: async () => 1,
      candidate: () => new Promise<number>((end) => (finish = end)),
    });
    plane.put(aSnapshot({ revision: 8, parallelRuns: [aRun({ epoch: 4 })] }));
    await until(() => client.revision === 8);
    finish(1);
    await turn();
    client.parallelRun('price', { control: () => 1, candidate: () => 1 });
    client.parallelRun('price', { control: () => 1, candidate: () => 1, controlVersion: 'v6' });
    client.parallelRun('price', {
      control: () => 1,
      candidate: () => 2,
      version: 'x',
      controlVersion: 'y'.repeat(201),
    });
    const told = (await reported(client)).map((each) => [
      each.epoch,
      each.controlVersion,
      each.candidateVersion,
      each.verdicts,
    ]);
    expect(told).toEqual([
      [4, 'v7', 'v7', { match: 1 }],
      [4, 'v6', 'v7', { match: 1 }],
      [4, '', 'x', { mismatch: 1 }],
    ]);
    expect(client.parallelRunErrors).toEqual({ version: 1 });
  });

  it('loses and doubles nothing when answers are lost, and adds up what came meanwhile', async () => {
    const client = await openWith(aRun());
    const call = (candidate: number) => client.parallelRun('price', { control: () => 1, candidate: () => candidate });
    plane.faults.set('/sdk/v1/telemetry', 'lose');
    call(1);
    expect(await client.flush()).toBe(false);
    call(1);
    expect(await client.flush()).toBe(false);
    call(2);
    plane.faults.clear();
    expect((await reported(client)).map(({ verdicts }) => verdicts)).toEqual([{ match: 1 }, { match: 1, mismatch: 1 }]);
  });

  it.each<[string, unknown]>([
    ['no key for digests', { digestKey: undefined }],
    ['a share of text', { share: 'all' }],
    ['a share above all', { share: 100_001 }],
    ['a pointer that is none', { bucketBy: '/~2' }],
    ['no deadline', { deadlineMs: 0 }],
    ['a serve without a variation', { serve: { flag: 'new-checkout' } }],
  ])('is off when it has %s', async (_name, changes) => {
    const client = await openWith({ ...aRun(), ...(changes as object) });
    expect(client.parallelRun('price', { control: () => 1, candidate: () => 2 })).toBe(1);
    expect(await reported(client)).toEqual([]);
  });

  it('samples by the bucket of the context, the unit’s by default, and drops nobody when the share rises', async () => {
    const client = await openWith(aRun({ share: 20_000 }));
    const sampled = (share: number, byUnit: boolean) => {
      const people = new Set<string>();
      for (let i = 0; i < 500; i += 1) {
        const targetingKey = `user-${i}`;
        const options = { control: () => 1, candidate: () => people.add(targetingKey).size * 0 + 1 };
        if (byUnit) client.unit({ targetingKey }).run(() => client.parallelRun('price', options));
        else client.parallelRun('price', { ...options, context: { targetingKey } });
      }
      expect(Math.abs(people.size - share * 500)).toBeLessThan(50);
      return people;
    };
    const before = sampled(0.2, false);
    expect(sampled(0.2, true)).toEqual(before);
    plane.put(aSnapshot({ revision: 8, parallelRuns: [aRun({ share: 40_000 })] }));
    await until(() => client.revision === 8);
    const after = sampled(0.4, true);
    expect([...before].filter((person) => !after.has(person))).toEqual([]);
  });
});

describe('a run that is served by a flag', () => {
  const arms = (calls: string[] = []) => ({
    control: () => (calls.push('control'), 'old'),
    candidate: () => (calls.push('candidate'), 'new'),
  });

  it('answers those to whom the flag serves the candidate with it, and lets the control shadow', async () => {
    const client = await openWith(aRun(served));
    const calls: string[] = [];
    expect(client.parallelRun('price', { ...arms(calls), context: { targetingKey: 'u' } })).toBe('new');
    expect(calls.toSorted()).toEqual(['candidate', 'control']);
    const failing = {
      control: () => 'old',
      candidate: (): string => {
        throw new Error('of the candidate');
      },
    };
    expect(() => client.parallelRun('price', failing)).toThrow('of the candidate');
    const [report] = await reported(client);
    expect(report).toMatchObject({ served: 'candidate', verdicts: { mismatch: 1, candidate_error: 1 } });
    expect([...plane.batches.values()].flatMap(({ evaluations }) => evaluations)).toMatchObject([
      { flag: 'new-checkout', variation: 'on', count: 2 },
    ]);
  });

  it('runs the candidate alone for calls that are not sampled, and the control for all others', async () => {
    const client = await openWith(aRun({ ...served, share: 0 }));
    const calls: string[] = [];
    expect(client.parallelRun('price', arms(calls))).toBe('new');
    expect(
      client.parallel(
        'price',
        () => 'old',
        () => 'new',
      )(),
    ).toBe('new');
    plane.patch({ flags: [aFlag({ version: 2, on: false })] });
    await until(() => client.revision === 8);
    expect(client.parallelRun('price', arms(calls))).toBe('old');
    expect(calls).toEqual(['candidate', 'control']);
  });

  it('serves of several candidates the one that is named as the variation, else the control', async () => {
    const client = await openWith(aRun(served));
    const control = () => 'old';
    expect(client.parallelRun('price', { control, candidates: { on: () => 'on', two: () => 'two' } })).toBe('on');
    expect(client.parallelRun('price', { control, candidates: { one: () => 'one', two: () => 'two' } })).toBe('old');
    expect(client.parallelRunErrors).toEqual({ serve: 1 });
    const told = await reported(client);
    expect(told.map((each) => `${each.served} ${each.candidate}`).sort()).toEqual([
      'candidate on',
      'control one',
      'control two',
    ]);
  });

  it('does not wait for a control that hangs as its shadow', async () => {
    const client = await openWith(aRun(served));
    const control = () => new Promise<string>(() => undefined);
    let elapsedMs = 0;
    const slow = () => {
      elapsedMs = runtime.elapsedMs() + 2_000;
      runtime.elapsedMs = () => elapsedMs;
      return 'old';
    };
    await expect(client.parallelRun('price', { control, candidate: async () => 'new' })).resolves.toBe('new');
    await runtime.advance(1_100);
    expect(client.parallelRun('price', { control: slow, candidate: () => 'new' })).toBe('new');
    expect(await reported(client)).toMatchObject([{ served: 'candidate', verdicts: { timeout: 2 } }]);
  });
});

describe('a shadow arm', () => {
  let shop: Server;
  let requests: string[];

  beforeEach(async () => {
    requests = [];
    shop = createServer((request, response) => {
      requests.push(String(request.method));
      response.end('sold');
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    shop.closeAllConnections();
    await new Promise((resolve) => shop.close(resolve));
  });

  const addressOf = () => `http://127.0.0.1:${(shop.address() as AddressInfo).port}`; // of a TCP server

  it('may read but not write by sluiceFetch, unless it is allowed to', async () => {
    const client = await openWith(aRun());
    const call = sluiceFetch(client, { service: 'shop', resolve: addressOf });
    const order = (method: string) => async () => (await call('/orders', { method })).text();
    const run = (method: string, sideEffects: 'possible' | 'allowed') =>
      client.parallelRun('price', { control: async () => 'sold', candidate: order(method), sideEffects });
    await run('GET', 'possible');
    await until(() => requests.length === 1);
    await run('post', 'possible');
    await run('POST', 'allowed');
    await until(() => requests.length === 2);
    await turn();
    expect(requests).toEqual(['GET', 'POST']);
    let refusal: unknown;
    await client.parallelRun('price', {
      control: async () => 'sold',
      candidate: async () => order('DELETE')().catch((thrown: unknown) => String((refusal = thrown))),
    });
    await turn();
    expect(String(refusal)).toMatch(/candidate of parallel run 'price' .* must not DELETE to shop: .*sideEffects/);
    // The control of the same run writes.
    await client.parallelRun('price', { control: order('PUT'), candidate: async () => 'sold' });
    expect(requests.at(-1)).toBe('PUT');
  });

  it('credits nobody with what it measures and tracks, and keeps the unit’s context', async () => {
    const client = await openWith(aRun());
    const unit = client.unit({ targetingKey: 'u' });
    const keys: unknown[] = [];
    const work = () => {
      client.currentUnit()?.count('clicks');
      client.track('bought');
      keys.push(client.currentUnit()?.context.targetingKey);
      return 1;
    };
    unit.run(() => client.parallelRun('price', { control: work, candidate: work }));
    await reported(client);
    const batches = [...plane.batches.values()];
    expect(batches.flatMap(({ tracked = [] }) => tracked.map(({ count }) => count))).toEqual([1]);
    const clicks = batches.flatMap(({ measurements = [] }) => measurements.filter(({ metric }) => metric === 'clicks'));
    expect(clicks.map(({ n }) => n)).toEqual([1]);
    expect(keys).toEqual(['u', 'u']);
  });

  it('gives the caller its unit back, whatever the candidate does, which keeps the muted one also later', async () => {
    const client = await openWith(aRun());
    const unit = client.unit({ targetingKey: 'u' });
    const muted = new Set<unknown>();
    const look = () => void muted.add(client.currentUnit());
    const candidates: readonly (() => Promise<number>)[] = [
      async () => (look(), await turn(), look(), 1),
      () => {
        look();
        setImmediate(look);
        throw new Error('boom');
      },
    ];
    await unit.run(async () => {
      for (const candidate of candidates) {
        const answer = client.parallelRun('price', {
          control: async () => client.currentUnit(),
          candidate: candidate as never,
        });
        expect(client.currentUnit()).toBe(unit);
        expect(await answer).toBe(unit);
        await turn();
        expect(client.currentUnit()).toBe(unit);
      }
    });
    await turn();
    expect(muted.size).toBe(candidates.length);
    expect([...muted]).not.toContain(unit);
    expect([...muted]).not.toContain(undefined);
  });
});

describe('what leaves the process', () => {
  const marked = 'jane.doe@example.com';

  it('has no personal data in it: not in values, errors, keys, strata, versions, inputs or ids', async () => {
    const bodies: string[] = [];
    runtime = new FakeRuntime(async (input, init) => {
      if (typeof init?.body === 'string') bodies.push(init.body);
      return fetch(input, init);
    });
    clients = new Clients(plane.url, runtime);
    const client = await openWith(aRun({ rawPaths: ['$.total', '$.long'] }));
    const context = { targetingKey: marked };
    const thrower = (): object => {
      throw Object.assign(new Error(`no such user: ${marked}`), { user: marked, name: 'UserError' });
    };
    const person = (total: number) => ({
      total,
      email: `${total} ${marked}`,
      [marked]: { [marked]: total },
      at: new Date(total),
    });
    const run = (control: () => object, candidate: () => object, more = {}) => {
      try {
        client.parallelRun<object>('price', { control, candidate, context, input: { email: marked }, ...more });
      } catch {
        // The control's own.
      }
    };
    run(
      () => person(1),
      () => person(2),
    );
    run(() => person(1), thrower);
    run(thrower, () => person(1));
    run(thrower, () => {
      throw new TypeError(marked);
    });
    run(
      () => [marked],
      () => [`${marked}.`],
      { stratum: marked },
    );
    run(
      () => ({ long: marked.repeat(100) }),
      () => ({ long: '' }),
      { stratum: 'x'.repeat(65) },
    );
    run(
      () => ({}),
      () => ({ [marked]: 1 }),
      { stratum: () => marked },
    );
    run(
      () => new Map([[marked, 1]]),
      () => new Map([[marked, 2]]),
      { stratum: 'vip' },
    );
    run(
      () => ({ a: marked }),
      () => ({ a: 1 }),
      {
        clean: () => {
          throw new Error(marked);
        },
      },
    );
    const reports = await reported(client);
    const sent = bodies.filter((body) => body.includes('parallelRuns')).join('');
    expect(reports[0]?.signatures.length).toBeGreaterThan(5);
    expect(sent).toContain('"raw":"1"');
    expect(sent).not.toMatch(/jane|doe@|example\.com/i);
    expect(reports[0]?.strata).toEqual([]);
    expect(client.parallelRunErrors).toEqual({ stratum: 3, clean: 1 });
    const digests = [...sent.matchAll(/"digest":"([^"]*)"/g)].map(([, digest]) => String(digest));
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{16}$/);
  });
});
