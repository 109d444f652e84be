import { expect, it } from '@jest/globals';
import { OpenUnits } from './open-units.js';

class Unit {
  isDropped = false;

  constructor(readonly startedAtMs: number) {}

  drop(): void {
    this.isDropped = true;
  }
}

it('drops what has been open for too long, and counts it once', () => {
  const units = new OpenUnits<Unit>(10, 1_000);
  const [old, ended, young] = [new Unit(0), new Unit(0), new Unit(500)];
  for (const unit of [old, ended, young]) units.add(unit);
  units.delete(ended);
  expect(units.takeDropped(1_000)).toBe(0);
  expect(units.takeDropped(1_001)).toBe(1);
  expect([old, ended, young].map(({ isDropped }) => isDropped)).toEqual([true, false, false]);
  expect(units.takeDropped(1_001)).toBe(0);
  expect(units.size).toBe(1);
});

it('is bounded: beyond the limit the oldest is dropped', () => {
  const units = new OpenUnits<Unit>(2, 1_000);
  const all = [new Unit(0), new Unit(0), new Unit(0), new Unit(0)];
  for (const unit of all) units.add(unit);
  expect(all.map(({ isDropped }) => isDropped)).toEqual([true, true, false, false]);
  expect(units.takeDropped(0)).toBe(2);
});
