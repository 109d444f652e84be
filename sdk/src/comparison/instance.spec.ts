import { describe, expect, it } from '@jest/globals';
import { canonicalText } from './canonical-text.js';
import { compareValues } from './compare-values.js';
import { NO_RULES } from './compile-rules.js';
import { fingerprintOf, shapeOf } from './shape.js';
import { SnapshotError, takeSnapshot } from './snapshot.js';
import { placesOf } from '../../test/comparison/arbitraries.js';

/** As a comparison of two arms sees them. */
const places = (control: unknown, candidate: unknown) => {
  const { kept, isCut } = compareValues(takeSnapshot(control), takeSnapshot(candidate), NO_RULES);
  expect(isCut).toBe(false);
  return placesOf(kept);
};

class Secret {
  #cents: number;
  currency = 'JPY';
  constructor(cents: number) {
    this.#cents = cents;
  }
  isMore(than: Secret): boolean {
    return this.#cents > than.#cents;
  }
}
class Told extends Secret {
  constructor(readonly told: () => unknown) {
    super(1);
    Object.defineProperty(this, 'told', { enumerable: false });
  }
  toJSON(): unknown {
    return this.told();
  }
}
class Decimal {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  toString(): string {
    return this.#value;
  }
}
class Length {
  readonly #metres: number;
  constructor(metres: number) {
    this.#metres = metres;
  }
  valueOf(): number {
    return this.#metres;
  }
}
class Derived extends Decimal {
  unit = 'm';
}
class Lowered {
  unit = 'm';
  constructor(value: number) {
    LOWERED.set(this, value);
  }
  read(): unknown {
    return _class_private_field_get(this, LOWERED);
  }
}
const LOWERED = new WeakMap<object, number>();
const _class_private_field_get = (of: object, from: WeakMap<object, number>): unknown => from.get(of);
class Getter {
  static readonly amounts = new WeakMap<object, number>();
  currency = 'JPY';
  constructor(amount: number) {
    Getter.amounts.set(this, amount);
  }
  get amount(): number | undefined {
    return Getter.amounts.get(this);
  }
}
class Point {
  /** Its colour is '#aabbcc' at first. */
  colour = '#aabbcc';
  constructor(readonly x: number) {}
  moved(by: number): Point {
    return new Point(this.x + by);
  }
}

describe('instances of classes', () => {
  it.each<[string, () => unknown, () => unknown]>([
    ['public fields', () => new Point(1), () => new Point(1)],
    ['toString', () => new Decimal('1.5'), () => new Decimal('1.5')],
    ['valueOf', () => new Length(1), () => new Length(1)],
    ['toJSON', () => new Told(() => ({ a: [1] })), () => new Told(() => ({ a: [1] }))],
  ])('are equal by what they have and say: %s', (_name, one, other) => {
    expect(places({ of: one() }, { of: other() })).toEqual([]);
    const snapshot = takeSnapshot(one());
    expect(compareValues(one(), snapshot, NO_RULES)).toEqual({ kept: [], waived: [], isCut: false });
    expect(canonicalText(snapshot)).toBe(canonicalText(other()));
    expect(canonicalText(takeSnapshot(snapshot))).toBe(canonicalText(snapshot));
  });

  it.each<[string, unknown, unknown, readonly string[]]>([
    ['public fields', new Point(1), new Point(2), ['$.of.x value +1']],
    ['toString', new Decimal('1.5'), new Decimal('2.5'), ['$.of value text→text']],
    ['of an ancestor', new Derived('1.5'), new Derived('2.5'), ['$.of value text→text']],
    ['valueOf', new Length(1), new Length(2), ['$.of value +1']],
    ['toJSON', new Told(() => ({ a: 1 })), new Told(() => ({ a: 2 })), ['$.of.a value +1']],
    ['in lists', [new Decimal('1'), new Decimal('2')], [new Decimal('2'), new Decimal('1')], ['$.of order moved']],
    ['in sets', new Set([new Decimal('1')]), new Set([new Decimal('2')]), ['$.of[*] value text→text']],
  ])('differ by what they have and say: %s', (_name, one, other, expected) => {
    expect(places({ of: one }, { of: other })).toEqual(expected);
    expect(canonicalText(one)).not.toBe(canonicalText(other));
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });

  it.each<[string, unknown]>([
    ['private fields beside public ones', new Secret(1)],
    ['private fields that a compiler lowered', new Lowered(1)],
    ['no fields', new (class Empty {})()],
    ['getters on the prototype', new Getter(1)],
    ['fields that are not enumerable', Object.defineProperty(new Point(1), 'hidden', { value: 1 })],
    ['what only other instances of the class can see', Object.create(new Secret(1)) as unknown],
    [
      'toJSON that throws',
      new Told(() => {
        throw new Error('no');
      }),
    ],
    ['toJSON that says nothing', new Told(() => undefined)],
  ])('cannot be compared that hide something: %s', (_name, value) => {
    expect(() => takeSnapshot({ of: [value] })).toThrow(SnapshotError);
    expect(fingerprintOf(value)).toBe('');
  });

  it('may keep what hides its data where a primitive says all of them', () => {
    const told = (said: unknown) => Object.assign(new Told(() => said), { machinery: new Secret(1) });
    expect(places(told('1'), told('1'))).toEqual([]);
    expect(places(told('1'), told('2'))).toEqual(['$ value text→text']);
    expect(() => takeSnapshot(told({ a: 1 }))).toThrow(SnapshotError);
  });

  it('say nothing where toJSON returns the instance', () => {
    const self: Told = new Told(() => self);
    expect(() => takeSnapshot(self)).toThrow(SnapshotError);
  });

  it('are not made equal by a comparison of what is no snapshot', () => {
    expect(compareValues(new Secret(1), new Secret(2), NO_RULES).isCut).toBe(true);
    expect(placesOf(compareValues(new Length(1), new Length(2), NO_RULES).kept)).toEqual(['$ value +1']);
  });

  it('keep what they said when a snapshot is spread', () => {
    const spread = (value: string) => ({ ...(takeSnapshot(new Decimal(value)) as object) });
    expect(places(spread('1.5'), spread('2.5'))).toEqual(['$[*] value text→text']);
  });

  it('of which only toJSON is told have one shape each', () => {
    expect(shapeOf(new Told(() => ({ a: 1 })))).toBe(shapeOf(new Told(() => ({ a: 2 }))));
    expect(shapeOf(new Told(() => ({ a: 1 })))).not.toBe(shapeOf(new Told(() => ({ b: 1 }))));
  });
});

describe('members that are no texts', () => {
  const key = Symbol('key');

  it('are data of an object', () => {
    expect(places({ [key]: 1 }, { [key]: 1 })).toEqual([]);
    expect(places({ [key]: 1 }, { [key]: 2 })).toEqual(['$[*] value +1']);
    expect(places({ [key]: 1 }, {})).toEqual(['$[*] missing number→absent']);
    expect(places({}, { [key]: 1 })).toEqual(['$[*] extra absent→number']);
    expect(fingerprintOf({ [key]: 1 })).not.toBe(fingerprintOf({ [key]: 2 }));
  });
});

describe('functions', () => {
  const f = () => 1;

  it('are equal to themselves alone', () => {
    expect(places({ f }, { f })).toEqual([]);
    expect(places({ f }, { f: () => 1 })).toEqual(['$.f value function→function']);
    expect(places(new Map([[f, 1]]), new Map([[() => 1, 1]]))).toEqual([
      '$[*] extra absent→number',
      '$[*] missing number→absent',
    ]);
  });

  it('make no input a new one', () => {
    expect(fingerprintOf([{ f, a: 1 }])).toBe(fingerprintOf([{ f: () => 1, a: 1 }]));
  });
});
