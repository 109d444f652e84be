import { DEFAULT_LIMITS, type ComparisonLimits } from './limits.js';
import { SAID, saidOf, symbolsOf } from './instance.js';
import { bytesOf, copyOfNumbers, isPlain, kindOf, leafOf, markerOf, partsOfError } from './object-kind.js';

/** A value could not be copied: reading it failed, it is too large, or there is nothing of it to read. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/**
 * Copies what a comparison sees of a value, before anybody can change it: own enumerable data, each read once; Date, Map,
 * Set, buffers, typed arrays, errors, cycles; classes stay what they are, without their private parts. Of an instance of a
 * class its toJSON, else its valueOf or toString, is called for what it says of itself; one that may hide data and says
 * nothing cannot be copied. No toJSON of anything else is called. A function, symbol, regular expression or URL becomes a
 * marker. What is referred to twice is copied twice. Throws SnapshotError alone.
 */
export function takeSnapshot(value: unknown, limits: ComparisonLimits = DEFAULT_LIMITS): unknown {
  try {
    return new Copier(limits).copy(value);
  } catch (error) {
    if (error instanceof SnapshotError) throw error;
    throw new SnapshotError('The value could not be read: a getter, a proxy or a toJSON threw.', { cause: error });
  }
}

class Copier {
  private nodes = 0;
  private readonly originals: object[] = [];
  private readonly copies: object[] = [];

  constructor(private readonly limits: ComparisonLimits) {}

  copy(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return leafOf(value);
    const at = this.originals.lastIndexOf(value);
    if (at >= 0) return this.copies[at];
    if (this.originals.length >= this.limits.depth) {
      throw new SnapshotError(`The value is nested more than ${this.limits.depth} deep: compare a part of it.`);
    }
    return this.copyObject(value);
  }

  private copyObject(value: object): unknown {
    const kind = kindOf(value);
    switch (kind) {
      case 'array':
        return this.copyArray(value as readonly unknown[]); // as its kind says, here and below
      case 'object':
        return isPlain(value) ? this.copyPlain(value) : this.copyInstance(value, value, saidOf(value));
      case 'error':
        return this.copyInstance(value, partsOfError(value));
      case 'date':
        return new Date(Date.prototype.getTime.call(value));
      case 'map':
        return this.copyMap(value as ReadonlyMap<unknown, unknown>);
      case 'set':
        return this.copySet(value as ReadonlySet<unknown>);
      case 'bytes':
        this.charge(bytesOf(value).length / 64);
        return bytesOf(value).slice();
      case 'numbers':
        this.charge(bytesOf(value).length / 64);
        return copyOfNumbers(value as ArrayBufferView);
      case 'text':
        return markerOf(value);
      case 'boxed':
        return Object(leafOf(value)); // in a box of its own: a set may hold it beside its content
      case 'opaque':
        throw new SnapshotError(
          'The value hides its data, as a Promise or a class with private fields does: compare its data, or give it a toJSON.',
        );
    }
  }

  private copyArray(value: readonly unknown[]): unknown[] {
    const { length } = value;
    this.charge(length);
    const copy: unknown[] = [];
    this.enter(value, copy);
    for (let index = 0; index < length; index += 1) copy.push(this.copy(value[index]));
    this.leave();
    return copy;
  }

  private copyPlain(value: object): object {
    const keys = Object.keys(value);
    this.charge(keys.length);
    const copy: Record<string, unknown> = {};
    this.enter(value, copy);
    for (const key of keys) {
      const member = this.copy((value as Readonly<Record<string, unknown>>)[key]); // of its own keys
      if (key === '__proto__') define(copy, key, member, true);
      else copy[key] = member;
    }
    this.copySymbols(value, copy);
    this.leave();
    return copy;
  }

  /**
   * Its members are defined, not set: a setter of its class would run. Where a primitive says all of the instance, as of a
   * date or an amount, members that hide their data are its machinery, and left out.
   */
  private copyInstance(value: object, members: object, said?: unknown): object {
    const keys = Object.keys(members);
    this.charge(keys.length);
    const copy = Object.create(Object.getPrototypeOf(value) as object) as object; // an object of the same class
    this.enter(value, copy);
    const isTold = said !== undefined && (typeof said !== 'object' || said === null);
    for (const key of keys) {
      const member = (members as Readonly<Record<string, unknown>>)[key]; // of its own keys
      if (isTold && typeof member === 'object' && member !== null && kindOf(member) === 'opaque') continue;
      define(copy, key, this.copy(member), Object.prototype.propertyIsEnumerable.call(value, key));
    }
    this.copySymbols(members, copy);
    if (said !== undefined) define(copy, SAID, this.copy(said), true);
    this.leave();
    return copy;
  }

  private copySymbols(members: object, copy: object): void {
    const symbols = symbolsOf(members);
    this.charge(symbols.length);
    for (const key of symbols) {
      define(copy, key, this.copy((members as Readonly<Record<symbol, unknown>>)[key]), true); // of its own keys
    }
  }

  private copyMap(value: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>();
    this.enter(value, copy);
    Map.prototype.forEach.call(value, (member: unknown, key: unknown) => {
      this.charge(2);
      copy.set(this.copy(key), this.copy(member));
    });
    this.leave();
    return copy;
  }

  private copySet(value: ReadonlySet<unknown>): Set<unknown> {
    const copy = new Set<unknown>();
    this.enter(value, copy);
    Set.prototype.forEach.call(value, (member: unknown) => {
      this.charge(1);
      copy.add(this.copy(member));
    });
    this.leave();
    return copy;
  }

  private enter(original: object, copy: object): void {
    this.originals.push(original);
    this.copies.push(copy);
  }

  private leave(): void {
    this.originals.pop();
    this.copies.pop();
  }

  private charge(nodes: number): void {
    this.nodes += nodes;
    if (this.nodes > this.limits.nodes) {
      throw new SnapshotError(`The value has more than ${this.limits.nodes} parts: compare a part of it.`);
    }
  }
}

function define(target: object, key: PropertyKey, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
}
