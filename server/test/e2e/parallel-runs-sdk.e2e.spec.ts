import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createClient, type SluiceClient } from '@sluice/sdk';
import { Transactions } from '../../src/kernel/transactions.js';
import {
  type ParallelRunHolder,
  ParallelRunHolds,
  ParallelRunShares,
  ParallelRunStandings,
} from '../../src/parallel-runs/index.js';
import { ControlPlane, type LiveEnvironment } from '../clients/control-plane.js';
import { aRequestContext } from '../builders/a-request-context.js';

const START_TIMEOUT_MS = 60_000;
const RUN = 'price-v2';

interface Shown {
  readonly share: number;
  readonly epoch: number;
  readonly candidates: readonly {
    readonly total: {
      readonly sums: {
        readonly inputs: { readonly n: number; readonly x: number };
        readonly verdicts: { readonly match: number };
      };
    };
    readonly assessment: { readonly finding: string; readonly lacks: readonly string[] };
    readonly certificate: object | null;
    readonly signatures: readonly { readonly places: readonly { readonly path: string }[]; readonly n: number }[];
  }[];
}

let plane: ControlPlane;
let environment: LiveEnvironment;
let path: string;
const opened: SluiceClient[] = [];

beforeAll(async () => {
  plane = await ControlPlane.start();
}, START_TIMEOUT_MS);
afterAll(() => plane.close(), START_TIMEOUT_MS);

/** All calls are sampled, and 449 equal inputs are enough. */
beforeEach(async () => {
  environment = await plane.createEnvironment();
  path = `/projects/${environment.project}/environments/live/parallel-runs/${RUN}`;
  await plane.manage('POST', `/projects/${environment.project}/parallel-runs`, { key: RUN });
  await plane.manage('PATCH', path, {
    demand: { tolerance: 0.01, latencyMargin: null },
    runner: { budget: { addedMs: 60_000, loopDelayMs: 60_000 } },
  });
  await plane.manage('PUT', `${path}/share`, { share: 100_000 });
});

const open = async (version: string): Promise<SluiceClient> => {
  const client = await createClient({
    ...{ url: plane.url, token: environment.tokens.server.secret, cacheDir: false, telemetryIntervalMs: 60_000 },
    service: { key: 'shop', version },
  });
  opened.push(client);
  return client;
};
const show = () => plane.manage<Shown>('GET', path);

/** Prices as many things, from one on; the new code prices them as said. */
function price(sluice: SluiceClient, count: number, candidate: (i: number) => number, from = 0): void {
  for (let i = from; i < from + count; i += 1) {
    const old = { price: i };
    const answer = sluice.parallelRun(RUN, {
      ...{ control: () => old, candidate: () => ({ price: candidate(i) }), input: i, controlVersion: 'v1' },
      context: { targetingKey: `user-${i}` },
    });
    expect(answer).toBe(old);
  }
}

async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  let last: T | undefined;
  for (let tries = 0; tries < 400; tries += 1) {
    last = await ask();
    if (isSo(last)) return last;
    await later(50);
  }
  throw new Error(`Never came to be: ${JSON.stringify(last)}`);
}
const inputsOf = ({ candidates: [candidate] }: Shown) => candidate?.total.sums.inputs;

it('is certified by what two clients compared', async () => {
  const [one, other] = [await open('v2'), await open('v2')];
  price(one, 300, (i) => i);
  await one.close();
  await until(show, (shown) => inputsOf(shown)?.n === 300);
  price(other, 300, (i) => i, 300);
  await other.close();
  const shown = await until(show, ({ candidates: [candidate] }) => (candidate?.certificate ?? null) !== null);
  expect(shown).toMatchObject({
    candidates: [{ total: { controlVersion: 'v1', candidateVersion: 'v2', sums: { inputs: { n: 600, x: 0 } } } }],
  });
});

it('counts an input once, however many clients compared it', async () => {
  const clients = [await open('v2'), await open('v2')];
  for (const sluice of clients) {
    price(sluice, 300, (i) => (i === 7 ? i + 1 : i));
    await sluice.flush();
  }
  const both = await until(show, ({ candidates: [candidate] }) => candidate?.total.sums.verdicts.match === 598);
  expect(both).toMatchObject({
    candidates: [
      {
        total: { sums: { verdicts: { mismatch: 2 }, inputs: { n: 300, x: 1 }, perProcess: 0 } },
        assessment: { finding: 'undecided', equivalence: { n: 300, x: 1 } },
        certificate: null,
      },
    ],
  });
  // Inputs that only one of them has are all counted.
  price(clients[0] as SluiceClient, 50, (i) => i, 300); // there are two
  for (const sluice of clients) await sluice.close();
  await until(show, (shown) => inputsOf(shown)?.n === 350);
});

it('tells where new code is wrong, and stops it', async () => {
  const sluice = await open('v2');
  price(sluice, 400, (i) => (i % 4 === 0 ? i + 0.004 : i));
  await sluice.flush();
  const shown = await until(show, ({ share }) => share === 0);
  expect(shown).toMatchObject({
    epoch: 1,
    candidates: [
      {
        total: { sums: { inputs: { n: 400, x: 100 } } },
        assessment: { finding: 'refuted' },
        signatures: [{ places: [{ path: '$.price', kind: 'value' }], n: expect.any(Number), firstVersion: 'v2' }],
      },
    ],
  });
  const told = shown.candidates[0]?.signatures.reduce((sum, { n }) => sum + n, 0);
  expect(told).toBe(100);
  const fix = { kind: 'tolerance', path: '$.price', absolute: 0.005 };
  expect(await plane.manage('POST', `${path}/rules/price`, fix)).toMatchObject({ mismatches: 100 });
  // The client hears that it is over.
  let [asked, called] = [1_000, 0];
  await until(
    async () => {
      const before = called;
      sluice.parallelRun(RUN, { control: () => 1, candidate: () => (called += 1), input: (asked += 1) });
      return called - before;
    },
    (more) => more === 0,
  );
  await sluice.close();
});

it('leaves a run that a release holds to it', async () => {
  const { app } = plane.server;
  const [transactions, shares, standings] = [
    app.get(Transactions),
    app.get(ParallelRunShares),
    app.get(ParallelRunStandings),
  ];
  const { id: environmentId } = environment;
  const hold = { releaseId: 'release-1', sentence: 'Release "June prices" samples 100 % of the calls.' };
  let isHeld = true;
  const holder: ParallelRunHolder = {
    holdOf: (_tx, place) => Promise.resolve(isHeld && place.environmentId === environmentId ? hold : null),
  };
  app.get(ParallelRunHolds).register(holder);

  await expect(plane.manage('PUT', `${path}/share`, { share: 1 })).rejects.toThrow(
    /409 .*PARALLEL_RUN_HELD.*June prices.*release-1|409 .*June prices/su,
  );
  const rule = { kind: 'unordered', path: '$.items', owner: 'shop', reason: 'a set' };
  const renewals: readonly (readonly [method: 'PATCH' | 'POST', path: string, body: object])[] = [
    ['PATCH', path, { demand: { tolerance: 0.02 } }],
    ['PATCH', path, { runner: { windowSeconds: 60 } }],
    ['POST', `${path}/rules`, rule],
  ];
  for (const [method, at, body] of renewals) {
    await expect(plane.manage(method, at, body)).rejects.toThrow(/409 .*June prices.*abort it/su);
  }
  await plane.manage('PATCH', path, { demand: { tolerance: 0.01 }, runner: { maxConcurrent: 11 } });
  const sluice = await open('v2');
  price(sluice, 200, (i) => i + 1);
  await sluice.close();
  await until(show, ({ candidates: [candidate] }) => candidate?.assessment.finding === 'refuted');
  const listed = () =>
    plane.manage<{ readonly items: readonly { readonly finding: string }[] }>('GET', `${path}/certificates`);
  await until(listed, ({ items }) => items.length === 1);
  expect(await show()).toMatchObject({ share: 100_000 });

  // The release moves it, in a transaction and a revision of its own.
  const { projectId } = await plane.manage<{ readonly projectId: string }>(
    'GET',
    `/projects/${environment.project}/parallel-runs/${RUN}`,
  );
  const place = { projectId, environmentId };
  const ctx = aRequestContext();
  const moved = await transactions.run((tx) => shares.set(tx, ctx, place, RUN, 2_000));
  expect(moved).toMatchObject({ share: 2_000, epoch: 1 });
  expect(await transactions.read((tx) => shares.current(tx, place, RUN))).toEqual(moved);
  expect(await transactions.read((tx) => standings.of(tx, environmentId, RUN))).toMatchObject({
    ...{ run: RUN, share: 2_000, epoch: 1, demand: { tolerance: 0.01 } },
    candidates: [{ assessment: { finding: 'refuted' }, certificate: null }],
  });
  expect(await transactions.read((tx) => standings.of(tx, environmentId, 'nobody'))).toBeNull();
  await expect(transactions.run((tx) => shares.set(tx, ctx, place, 'nobody', 1))).rejects.toMatchObject({
    kind: 'notFound',
  });

  isHeld = false;
  expect(await plane.manage('PUT', `${path}/share`, { share: 1 })).toMatchObject({ share: 1 });
  const added = await plane.manage<{ readonly rules: readonly { readonly id: string }[] }>(
    ...(['POST', `${path}/rules`, rule] as const),
  );
  isHeld = true;
  await expect(plane.manage('DELETE', `${path}/rules/${added.rules[0]?.id}`)).rejects.toThrow(/409 .*June prices/su);
  await plane.manage('POST', `${path}/reset`, { reason: 'The test data had been replayed twice.' });
  isHeld = false;
});
