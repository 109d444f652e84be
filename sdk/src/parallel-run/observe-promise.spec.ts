import { describe, expect, it } from '@jest/globals';
import { turn } from '../../test/fake-runtime.js';
import { canObserve } from './observe-promise.js';

const fail = (): never => {
  throw new Error('boom');
};

class Unfollowed<T> extends Promise<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return fail();
  }
}

let asked = 0;
class Lazy<T> extends Promise<T> {
  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    asked += 1;
    return super.then(fulfilled, rejected);
  }
}

async function outcomeOf(payload: unknown): Promise<unknown> {
  const outcomes: unknown[] = [];
  const isObserved = canObserve(
    payload,
    (value) => outcomes.push({ value }),
    (thrown) => outcomes.push({ thrown }),
  );
  await turn();
  return isObserved ? outcomes : 'not observed';
}

describe('observing', () => {
  it.each<[string, () => unknown, unknown]>([
    ['a promise', async () => 1, [{ value: 1 }]],
    ['a rejection', () => Promise.reject(0), [{ thrown: 0 }]], // eslint-disable-line @typescript-eslint/prefer-promise-reject-errors -- whatever callers reject with
    ['a promise that settles later', () => turn().then(() => 1), [{ value: 1 }]],
    ['a promise with a then of its own', () => Object.assign(Promise.resolve(1), { then: fail }), [{ value: 1 }]],
  ])('hears once what %s comes to', async (_name, make, outcomes) => {
    expect(await outcomeOf(make())).toEqual(outcomes);
  });

  it('of a subclass asks the platform, not the subclass', async () => {
    expect([await outcomeOf(Lazy.resolve(1)), asked]).toEqual([[{ value: 1 }], 0]);
  });

  it.each<[string, () => unknown]>([
    ['a value', () => 1],
    ['a thenable', () => ({ then: fail })],
    ['what only looks like a promise', () => Object.create(Promise.prototype) as object],
    ['a proxy of a promise', () => new Proxy(Promise.resolve(1), {})],
    ['a proxy that tells nobody what it is', () => new Proxy({}, { getPrototypeOf: fail })],
    ['a subclass of which no other can be made', () => new Unfollowed((resolve) => resolve(1))],
    ['a promise whose then cannot be read', () => Object.defineProperty(Promise.resolve(1), 'then', { get: fail })],
  ])('leaves %s alone', async (_name, make) => {
    expect(await outcomeOf(make())).toBe('not observed');
  });
});
