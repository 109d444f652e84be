import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Logic } from './json-logic.js';
import { extentOf, refer, writtenOut } from './references.js';

const lengthOf = (json: Logic): number => Buffer.byteLength(JSON.stringify(json));

describe('the extent of a condition', () => {
  it('is the length of its JSON in UTF-8, whatever it is made of', () => {
    const anyText = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), anyText, (value, text) => {
        const json = { [text]: value as Logic, text, list: [text, 1.5e-7] }; // safe: JSON
        expect(extentOf(json).bytes).toBe(lengthOf(json));
        expect(extentOf(json).hasDollar).toBe(JSON.stringify(json).includes('$'));
      }),
    );
  });

  it('is that of what references stand for, too', () => {
    const meaning: Logic = { in: [{ var: 'plan' }, ['pro', 'Zürich', '€', '😀']] };
    const reference = refer('segment.pro', meaning);
    const logic: Logic = { and: [reference, { '!': [reference] }, { some: [{ var: 'x' }, reference] }] };
    expect(reference).toEqual({ $ref: 'segment.pro' });
    const whole = writtenOut(logic);
    expect(whole).toEqual({ and: [meaning, { '!': [meaning] }, { some: [{ var: 'x' }, meaning] }] });
    expect(extentOf(logic)).toEqual({
      bytes: lengthOf(logic),
      bytesInFull: lengthOf(whole),
      hasDollar: true,
      references: new Map([['segment.pro', meaning]]),
    });
  });

  it('is found of what is too long to be written', () => {
    let logic: Logic = refer('flag.a', { var: 'x' });
    for (let depth = 0; depth < 100; depth += 1) logic = { and: [logic, logic] };
    expect(extentOf(logic).bytes).toBeGreaterThan(2 ** 100);
    expect(extentOf(writtenOut(logic)).bytes).toBe(extentOf(logic).bytesInFull);
  });
});

it.each<[string, string, Logic]>([
  ['a constant', 'segment.a', true],
  ['what has a "$" in it', 'segment.a', { in: [{ var: 'plan' }, ['$1']] }],
  ['a name that is a pattern', 'segment.$&', { var: 'plan' }],
])('refers to no evaluator for %s', (_what, name, meaning) => {
  expect(refer(name, meaning)).toBe(meaning);
});
