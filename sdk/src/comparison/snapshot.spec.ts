import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalText } from './canonical-text.js';
import { compareValues } from './compare-values.js';
import { NO_RULES } from './compile-rules.js';
import { SnapshotError, takeSnapshot } from './snapshot.js';
import { anything } from '../../test/comparison/arbitraries.js';

const isSame = (one: unknown, other: unknown) => {
  const { kept, isCut } = compareValues(one, other, NO_RULES);
  return kept.length === 0 && !isCut;
};
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

class Money {
  constructor(public amount: number) {}
  set label(_text: string) {
    throw new Error('no setter is called');
  }
}

describe('takeSnapshot', () => {
  it('stays what it was when the value changes', () => {
    const value = {
      list: [1, { a: 1 }],
      at: new Date(1),
      map: new Map([['a', [1]]]),
      bytes: Buffer.from('a'),
      set: new Set([1]),
    };
    const before = canonicalText(value);
    const snapshot = takeSnapshot(value);
    (value.list[1] as { a: number }).a = 2;
    value.at.setTime(2);
    value.map.get('a')?.push(2);
    value.bytes[0] = 0;
    value.set.add(2);
    expect(canonicalText(snapshot)).toBe(before);
    expect(canonicalText(value)).not.toBe(before);
  });

  it('is itself a snapshot', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const snapshot = takeSnapshot(value);
        expect(canonicalText(takeSnapshot(snapshot))).toBe(canonicalText(snapshot));
        expect(canonicalText(snapshot)).toBe(canonicalText(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('calls the toJSON of no plain object', () => {
    const toJSON = () => {
      throw new Error('toJSON is not called');
    };
    expect(isSame({ toJSON, a: 1 }, takeSnapshot({ toJSON, a: 1 }))).toBe(true);
  });

  it('reads each getter once, calls toJSON once, and no setter', () => {
    let [reads, calls] = [0, 0];
    const value = Object.assign(new Money(7), {
      toJSON: () => (calls += 1),
    });
    Object.defineProperty(value, 'label', { value: 'a', enumerable: true });
    Object.defineProperty(value, 'amount', { get: () => (reads += 1), enumerable: true });
    const snapshot = takeSnapshot(value) as Money;
    expect([reads, calls, snapshot.amount, snapshot.amount]).toEqual([1, 1, 1, 1]);
    expect(snapshot).toBeInstanceOf(Money);
  });

  it('keeps members by any name', () => {
    const value: unknown = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "toString": 3}');
    expect(Object.keys(takeSnapshot(value) as object)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(isSame(value, takeSnapshot(value))).toBe(true);
    expect(isSame(value, takeSnapshot({ constructor: 2, toString: 3 }))).toBe(false);
  });

  it('copies frozen values and cycles', () => {
    const value: { self?: unknown; list: readonly unknown[] } = { list: Object.freeze([1]) };
    value.self = value;
    const snapshot = takeSnapshot(Object.freeze(value)) as typeof value;
    expect(snapshot.self).toBe(snapshot);
    expect(isSame(value, snapshot)).toBe(true);
  });

  it.each<[string, () => unknown]>([
    ['a map', () => new Map([[{ a: 1 }, new Set([1])]])],
    ['an error', () => Object.assign(new TypeError('a', { cause: new Error('b') }), { code: 'E' })],
    ['an aggregate error', () => new AggregateError([new Error('a')], 'b')],
    ['a DOM exception', () => new DOMException('a', 'AbortError')],
    ['an error of another realm', () => runInNewContext('new RangeError("a")') as unknown],
    [
      'an object of another realm',
      () => runInNewContext('({ a: [1, new Map([[1, new Date(5)]]), new Uint8Array(2)] })') as unknown,
    ],
    ['a URL', () => new URL('https://a.example/?b=1')],
    [
      'typed arrays',
      () => [new Float64Array([1.5]), new BigInt64Array([1n]), new DataView(new ArrayBuffer(2)), new ArrayBuffer(3)],
    ],
    ['functions and symbols', () => [takeSnapshot, Symbol('a'), Symbol.iterator, Money]],
    ['an object without a prototype', () => Object.assign(Object.create(null) as object, { a: 1 })],
    [
      'an object of a class without a prototype',
      () => Object.assign(Object.create(Object.create(null) as object) as object, { a: 1 }),
    ],
    ['a proxy', () => new Proxy({ a: [1] }, {})],
    ['what only looks like a map', () => ({ [Symbol.toStringTag]: 'Map', a: 1 })],
  ])('is equal to its value: %s', (_name, make) => {
    expect(isSame(make(), takeSnapshot(make()))).toBe(true);
    expect(isSame(takeSnapshot(make()), takeSnapshot(make()))).toBe(true);
    expect(canonicalText(takeSnapshot(make()))).toBe(canonicalText(make()));
  });

  const throwing = (value: unknown): object => ({
    get member() {
      throw value;
    },
  });

  it.each<[string, () => unknown]>([
    ['a getter that throws', () => throwing(new Error('no'))],
    ['a getter that throws undefined', () => throwing(undefined)],
    ['a revoked proxy', revoked],
    ['a revoked proxy within', () => [{ a: revoked() }]],
    [
      'a proxy that throws',
      () =>
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw new Error('no');
            },
          },
        ),
    ],
    [
      'a proxy without end',
      () => {
        const endless: object = new Proxy(
          {},
          {
            ownKeys: () => ['a'],
            getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
            get: () => new Proxy(endless, {}),
          },
        );
        return endless;
      },
    ],
    [
      'a class tag that throws',
      () =>
        Object.create({
          get [Symbol.toStringTag]() {
            throw new Error('no');
          },
        }) as unknown,
    ],
    ['a list too long', () => new Array<unknown>(4_000_000_000)],
    ['too many parts', () => Array.from({ length: 1_000 }, () => Array.from({ length: 100 }, () => 1))],
    ['a large buffer', () => Buffer.alloc(7_000_000)],
    [
      'too much depth',
      () => {
        let deep: unknown = 1;
        for (let at = 0; at < 100_000; at += 1) deep = { deep };
        return deep;
      },
    ],
    [
      'shared objects that make a billion',
      () => {
        let doubled: unknown = 1;
        for (let at = 0; at < 30; at += 1) doubled = [doubled, doubled];
        return doubled;
      },
    ],
    ['a promise', () => Promise.resolve(1)],
    ['a response', () => new Response('a')],
    [
      'a generator',
      () =>
        (function* () {
          yield 1;
        })(),
    ],
    ['a proxy of a map', () => new Proxy(new Map([[1, 1]]), {})],
    ['a proxy of a date', () => new Proxy(new Date(1), {})],
  ])('throws SnapshotError for %s', (_name, make) => expect(() => takeSnapshot(make())).toThrow(SnapshotError));
});
