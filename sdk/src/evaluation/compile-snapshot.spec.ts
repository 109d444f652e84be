import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileSnapshot, type CompiledSnapshot } from './compile-snapshot.js';
import { evaluate } from './evaluate.js';
import type { SnapshotFlag, SnapshotSegment } from './snapshot.js';
import { aClause, aFlag, aRule, aSegment, aSnapshot, aSplit } from './testing/builders.js';

describe('compileSnapshot', () => {
  it('lists the keys in the order of the snapshot, also those that are names of Object.prototype', () => {
    const compiled = compileSnapshot(aSnapshot(['b', '__proto__', 'a', 'constructor'].map((key) => aFlag(key))));
    expect([...compiled.keys()]).toEqual(['b', '__proto__', 'a', 'constructor']);
  });

  it('takes over what did not change, and compiles the rest', () => {
    const [kept, changed] = [aFlag('kept'), aFlag('changed')];
    const segment = aSegment('s');
    const before = compileSnapshot(aSnapshot([kept, changed], [segment]));
    const after = compileSnapshot(aSnapshot([kept, aFlag('changed', { on: false })], [segment]), before);
    expect(after.flags.get('kept')).toBe(before.flags.get('kept'));
    expect(after.segments.byKey.get('s')).toBe(before.segments.byKey.get('s'));
    expect(evaluate(after, 'changed', {}).reason).toBe('DISABLED');
    expect(evaluate(before, 'changed', {}).reason).toBe('STATIC');
  });

  it('compiles step by step to the same as at once', () => {
    fc.assert(
      fc.property(fc.array(world, { minLength: 2, maxLength: 4 }), (worlds) => {
        let stepwise: CompiledSnapshot | undefined;
        for (const { flags, segments } of worlds) {
          const snapshot = aSnapshot(flags, segments);
          stepwise = compileSnapshot(snapshot, stepwise);
          const atOnce = compileSnapshot(structuredClone(snapshot));
          expect([...stepwise.keys()]).toEqual([...atOnce.keys()]);
          for (const key of ['f', 'g', 'h', 'none']) {
            for (const targetingKey of ['x', 'y', 'z']) {
              expect(evaluate(stepwise, key, { targetingKey })).toEqual(evaluate(atOnce, key, { targetingKey }));
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A small pool of objects, so that two snapshots often share some of them. */
const flagPool: readonly SnapshotFlag[] = ['f', 'g', 'h'].flatMap((key) => [
  aFlag(key),
  aFlag(key, { on: false }),
  aFlag(key, { defaultServe: aSplit([1, 1]) }),
  aFlag(key, { rules: [aRule(aClause('', 'inSegment', ['s']))] }),
  aFlag(key, { targets: [{ variation: 'b', values: ['x'] }] }),
  ...['f', 'g', 'h'].map((flag) => aFlag(key, { prerequisites: [{ flag, variations: ['a'] }] })),
]);
const segmentPool: readonly SnapshotSegment[] = ['s', 't'].flatMap((key) => [
  aSegment(key),
  aSegment(key, { included: ['x'] }),
  aSegment(key, { rules: [{ clauses: [aClause('', 'inSegment', ['t'])] }] }),
]);
const world = fc.record({
  flags: fc.uniqueArray(fc.constantFrom(...flagPool), { selector: ({ key }) => key }),
  segments: fc.uniqueArray(fc.constantFrom(...segmentPool), { selector: ({ key }) => key }),
});
