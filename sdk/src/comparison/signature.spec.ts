import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareValues } from './compare-values.js';
import { NO_RULES } from './compile-rules.js';
import { signatureOf } from './signature.js';
import { takeSnapshot } from './snapshot.js';
import { alike } from '../../test/comparison/arbitraries.js';

const signature = (control: unknown, candidate: unknown) =>
  signatureOf(compareValues(control, candidate, NO_RULES).kept);

describe('signatureOf', () => {
  it('has ids that never change, since they are stored', () => {
    expect(signatureOf([])).toEqual({ id: '6b229c5910bc3f86', places: [], isCut: false });
    expect(signature({ a: null, items: [{ price: 1 }] }, { a: 0, items: [{ price: 1.5 }] })).toEqual({
      id: 'c1443b2fdea147ac',
      places: [
        { path: '$.a', kind: 'type', transition: 'null→0' },
        { path: '$.items[*].price', kind: 'value', transition: 'rounding' },
      ],
      isCut: false,
    });
  });

  it('names each place once, and at most 20', () => {
    const many = (value: number) =>
      Object.fromEntries(Array.from({ length: 30 }, (_each, index) => [`k${index}`, value]));
    const cut = signature(many(1), many(2));
    expect(cut).toMatchObject({ places: { length: 20 }, isCut: true });
    expect(signatureOf(cut.places).id).toBe(cut.id);
    expect(signature([1, 5, 10], [2, 6, 11])).toMatchObject({ places: { length: 1 }, isCut: false });
  });

  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, member]) => [key, shuffled(member)]),
    );
  };

  it('is the same whatever the order of keys', () => {
    fc.assert(
      fc.property(alike, alike, (control, candidate) => {
        expect(signature(shuffled(control), candidate)).toEqual(signature(control, candidate));
        expect(signature(takeSnapshot(control), takeSnapshot(candidate))).toEqual(signature(control, candidate));
      }),
      { numRuns: 1_000 },
    );
  });

  it('folds 100 000 mismatches of six causes into six', () => {
    // Park and Miller's generator: the same orders in every run.
    let seed = 20_261_121;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const anOrder = () => ({
      id: `order-${10_000 + random(1e6)}`,
      note: `Note ${random(1e6)}`,
      coupon: null as string | number | null,
      total: 1 + random(1e5) * 2 + 0.004,
      items: Array.from({ length: 2 + random(4) }, (_each, at) => ({
        sku: `sku-${random(1e6)}-${at}`,
        quantity: 2 + random(50),
        at: new Date(random(1e9)),
      })),
    });
    type Order = ReturnType<typeof anOrder>;
    const pick = (order: Order) => order.items[random(order.items.length)];
    const causes: readonly ((order: Order) => unknown)[] = [
      (order) => ({ ...order, coupon: 0 }),
      (order) => ({ ...order, total: Math.floor(order.total) }),
      (order) => ({ ...order, note: order.note.toUpperCase() }),
      (order) => ({ ...order, items: order.items.toReversed() }),
      (order) => {
        const chosen = pick(order);
        return {
          ...order,
          items: order.items.map((item) => (item === chosen ? { ...item, quantity: item.quantity + 1 } : item)),
        };
      },
      (order) => ({ ...order, items: order.items.map(({ at: _at, ...item }) => item) }),
    ];
    const orders = Array.from({ length: 1_000 }, anOrder);
    const found = new Map<string, Set<number>>();
    for (let at = 0; at < 100_000; at += 1) {
      const order = orders[at % orders.length] ?? anOrder();
      const cause = random(causes.length);
      const { id } = signature(order, causes[cause]?.(order));
      found.set(id, (found.get(id) ?? new Set()).add(cause));
    }
    expect([...found.values()].map((each) => [...each]).sort()).toEqual([[0], [1], [2], [3], [4], [5]]);
  });
});
