import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SluiceClient } from '../src/sluice-client.js';
import type { EvaluationContext } from '../src/evaluation/context.js';
import type { Snapshot } from '../src/evaluation/snapshot.js';
import { aFlag, aSnapshot } from './builders.js';
import { Clients } from './clients.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { FakeRuntime, turn, until } from './fake-runtime.js';
import { measured, ROLLOUT } from './measured.js';

const halves = {
  split: {
    shares: [
      { variation: 'off', share: 50_000 },
      { variation: 'on', share: 50_000 },
    ],
  },
};
const ramped: Partial<Snapshot> = {
  flags: [aFlag({ defaultServe: halves }), aFlag({ key: 'plain' })],
  services: [
    { key: 'checkout', stable: 'v1', candidate: { version: 'v2', share: 50_000 } },
    { key: 'cart', stable: 'v7' },
  ],
  ramps: [
    { rollout: ROLLOUT, subject: 'flag/new-checkout', stable: 'off', candidate: 'on', share: 50_000 },
    { rollout: ROLLOUT, subject: 'service/checkout', stable: 'v1', candidate: 'v2', share: 50_000 },
  ],
};

let plane: FakeControlPlane;
let runtime: FakeRuntime;
let clients: Clients;
let sluice: SluiceClient;
let warnings: string[];
/** Somebody of each arm, of the flag and of the service. */
let stable: EvaluationContext;
let candidate: EvaluationContext;
let v2: EvaluationContext;

beforeEach(async () => {
  plane = await new FakeControlPlane(aSnapshot(ramped)).start();
  runtime = new FakeRuntime();
  clients = new Clients(plane.url, runtime);
  warnings = [];
  const silent = () => undefined;
  const logger = { debug: silent, info: silent, error: silent, warn: (text: string) => void warnings.push(text) };
  sluice = await clients.open({ logger });
  const users = Array.from({ length: 100 }, (_, i) => ({ targetingKey: `user-${i}` }));
  const find = (matches: (context: EvaluationContext) => boolean) => users.find(matches) ?? {};
  stable = find((context) => !sluice.boolean('new-checkout', context, false));
  candidate = find((context) => sluice.boolean('new-checkout', context, false));
  v2 = find((context) => sluice.version('checkout', context).version === 'v2');
});

afterEach(async () => {
  await clients.closeAll();
  await plane.stop();
});

const told = async () => {
  expect(await sluice.flush()).toBe(true);
  return measured(plane);
};
const isNew = (context: EvaluationContext) => sluice.boolean('new-checkout', context, false);

describe('a unit', () => {
  it('credits all it measured to what it saw before and after, in any asynchronous work within', async () => {
    await sluice.unit(candidate).run(async () => {
      sluice.currentUnit()?.count('clicks', 2);
      await turn();
      isNew(candidate);
      await Promise.all([turn().then(() => sluice.currentUnit()?.value('price', 5))]);
    });
    expect(await told()).toEqual({
      'ordinary all stable unit': '1/0',
      'ordinary all stable clicks': '2/0',
      'ordinary all stable price': '1/0',
      'ramp flag/new-checkout candidate unit': '1/0',
      'ramp flag/new-checkout candidate clicks': '2/0',
      'ramp flag/new-checkout candidate price': '1/0',
    });
  });

  it('is credited to every ramp that it saw, once each, and to ordinary services', async () => {
    sluice.unit(v2).run(() => {
      for (let i = 0; i < 3; i += 1) isNew(stable);
      expect(sluice.version('checkout', v2)).toMatchObject({ version: 'v2', arm: 'candidate', reason: 'SPLIT' });
      sluice.version('cart', v2);
      sluice.boolean('plain', v2, false);
    });
    expect(await told()).toEqual({
      'ordinary all stable unit': '1/0',
      'ordinary service/cart stable unit': '1/0',
      'ramp flag/new-checkout stable unit': '1/0',
      'ramp service/checkout candidate unit': '1/0',
    });
  });

  it('that saw both arms of a ramp is credited to neither, and counted', async () => {
    sluice.unit(stable).run(() => {
      for (const context of [stable, candidate, stable]) isNew(context);
      sluice.currentUnit()?.count('clicks');
      sluice.currentUnit()?.fail();
    });
    expect(await told()).toEqual({
      'ordinary all stable unit': '1/1',
      'ordinary all stable clicks': '1/0',
      'ramp flag/new-checkout stable mixed': '1/0',
    });
  });

  it('keeps units that overlap apart', async () => {
    const work = (context: EvaluationContext, n: number) =>
      sluice.unit(context).run(async () => {
        for (let i = 0; i < n; i += 1) {
          await turn();
          isNew(context);
          sluice.currentUnit()?.count('steps');
        }
      });
    await Promise.all([work(stable, 3), work(candidate, 5), work(stable, 4)]);
    expect(await told()).toMatchObject({
      'ramp flag/new-checkout stable unit': '2/0',
      'ramp flag/new-checkout stable steps': '7/0',
      'ramp flag/new-checkout candidate unit': '1/0',
      'ramp flag/new-checkout candidate steps': '5/0',
    });
  });

  it('evaluates for itself without being the current one', async () => {
    const unit = sluice.unit({ ...candidate });
    expect(unit.boolean('new-checkout', false)).toBe(true);
    expect(unit.string('missing', 'x')).toBe('x');
    expect(sluice.currentUnit()).toBeUndefined();
    unit.end();
    expect(await told()).toMatchObject({ 'ramp flag/new-checkout candidate unit': '1/0' });
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no stock');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no stock'))],
  ])('has failed when its work %s, which is passed on', async (_name, work) => {
    const unit = sluice.unit(candidate);
    const run = async () =>
      unit.run(() => {
        isNew(candidate);
        return work();
      });
    await expect(run()).rejects.toThrow('no stock');
    expect(unit).toMatchObject({ isFailed: true, failureReason: 'no stock' });
    expect(await told()).toMatchObject({ 'ramp flag/new-checkout candidate unit': '1/1' });
    const [callers] = [...plane.batches.values()].flatMap(({ measurements = [] }) =>
      measurements.flatMap((each) => each.callers ?? []),
    );
    expect(callers).toEqual(expect.any(Number));
  });

  it('ends once, takes nothing in afterwards, and keeps its first failure', async () => {
    const unit = sluice.unit(candidate);
    unit.fail('first');
    unit.fail('second');
    unit.end();
    unit.end();
    unit.count('late');
    unit.within(() => isNew(candidate));
    expect(unit.failureReason).toBe('first');
    expect(await told()).toEqual({ 'ordinary all stable unit': '1/1' });
  });

  it('times work, failed work as bad, without failing itself', async () => {
    const unit = sluice.unit(stable);
    expect(unit.time('db', () => 7)).toBe(7);
    await unit.time('db', () => runtime.advance(250));
    await expect(unit.time('db', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(unit.isFailed).toBe(false);
    unit.end();
    await told();
    const db = [...plane.batches.values()]
      .flatMap(({ measurements = [] }) => measurements)
      .find(({ metric }) => metric === 'db');
    expect(db).toMatchObject({ n: 3, bad: 1, sum: 250, sumSquares: 62_500 });
  });

  it('is credited with what is tracked: counted, and summed where it has a value', async () => {
    sluice.unit(candidate).run(() => {
      isNew(candidate);
      sluice.track('bought', candidate, { value: 20 });
      sluice.track('bought');
      sluice.track('bought', candidate, { value: Number.NaN });
    });
    sluice.track('bought', candidate, { value: 1 });
    await told();
    const [bought] = [...plane.batches.values()].flatMap(({ measurements = [] }) =>
      measurements.filter(({ metric, arm }) => metric === 'bought' && arm === 'candidate'),
    );
    expect(bought).toMatchObject({ n: 3, bad: 0, sum: 20, sumSquares: 400 });
    expect([...plane.batches.values()].flatMap(({ tracked = [] }) => tracked)).toMatchObject([{ count: 4, sum: 21 }]);
  });

  it('that nobody ends is dropped after an hour, and counted', async () => {
    const forgotten = sluice.unit(candidate);
    forgotten.within(() => isNew(candidate));
    await runtime.advance(3_700_000);
    forgotten.end();
    expect(await told()).toEqual({ 'ordinary all stable dropped': '1/0' });
    expect(warnings.some((text) => /1 units were dropped/.test(text))).toBe(true);
  });

  it('never throws, whatever it is handed', async () => {
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    );
    // The point: JavaScript passes anything.
    const anything = [undefined, null, 7, 'x', Symbol('s'), {}, throwing, -1, Number.NaN, 1.5, 7n] as never[];
    for (const each of anything) {
      const unit = sluice.unit(each, each);
      unit.count(each, each);
      unit.value('v', each);
      unit.duration('d', each, each);
      unit.duration(each, 1);
      unit.called(each, each, each);
      unit.version(each);
      unit.boolean(each, each);
      unit.fail(each);
      unit.end();
      expect(unit.routing).toBeUndefined();
    }
    expect(await told()).toMatchObject({ 'ordinary all stable unit': `${anything.length}/${anything.length}` });
  });
});

it('credits nothing outside of units', async () => {
  isNew(candidate);
  sluice.version('checkout', v2);
  sluice.evaluateAll(candidate);
  expect(await told()).toEqual({});
});

it('follows the snapshot: what is ramped no more is credited no more', async () => {
  plane.patch({ ramps: [] });
  await until(() => sluice.revision === 8);
  sluice.unit(candidate).run(() => {
    isNew(candidate);
    sluice.version('checkout', candidate);
  });
  expect(await told()).toEqual({ 'ordinary all stable unit': '1/0', 'ordinary service/checkout stable unit': '1/0' });
});

it('keeps serving beside services and ramps that it cannot read', async () => {
  plane.put({ ...aSnapshot(), revision: 9, services: 7, ramps: [{ rollout: 5 }] } as unknown as Snapshot);
  await until(() => sluice.revision === 9);
  expect(sluice).toMatchObject({ state: 'ready' });
  expect(isNew({})).toBe(true);
  expect(sluice.version('checkout', {})).toMatchObject({ version: undefined, reason: 'ERROR' });
});

describe('versions', () => {
  it('keep to what an earlier service of the chain chose, and are handed on', () => {
    const stays = sluice.unit(v2, 'checkout=v1,elsewhere=v3');
    expect(stays.version('checkout')).toMatchObject({ version: 'v1', arm: 'stable', reason: 'ROUTED' });
    stays.within(() => expect(sluice.version('checkout', v2).version).toBe('v1'));
    stays.version('cart');
    expect(stays.routing).toBe('checkout=v1,elsewhere=v3,cart=v7');
  });

  it('are chosen anew where the chain’s choice is none any more', () => {
    const unit = sluice.unit(v2, 'checkout=v0');
    expect(unit.version('checkout')).toMatchObject({ version: 'v2', reason: 'SPLIT' });
    expect(unit.routing).toBe('checkout=v2');
  });

  it('that cannot be reached are no exposure', async () => {
    const unit = sluice.unit(v2);
    expect(unit.version('checkout', ['v1'])).toMatchObject({ version: undefined, reason: 'ERROR' });
    expect(unit.routing).toBeUndefined();
    unit.end();
    expect(await told()).toEqual({ 'ordinary all stable unit': '1/0' });
  });

  it('are an error before the first snapshot', async () => {
    plane.faults.set('*', 'hang');
    const early = clients.start().client;
    expect(early.version('checkout', v2)).toMatchObject({ version: undefined, reason: 'ERROR' });
  });
});

it('says which service it is an instance of', async () => {
  const other = await clients.open({ service: { key: 'checkout', version: 'v2' } });
  await other.flush();
  expect(plane.received.at(-1)?.instance.service).toEqual({ key: 'checkout', version: 'v2' });
  await sluice.flush();
});
