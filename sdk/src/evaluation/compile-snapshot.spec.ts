import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileSnapshot, type CompiledSnapshot, findFlag } from './compile-snapshot.js';
import { evaluate } from './evaluate.js';
import { formatSnapshot } from './format-snapshot.js';
import { parseSnapshot } from './parse-snapshot.js';
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
    const compiled = findFlag(before, 'kept');
    expect(compiled).toBeDefined();
    const after = compileSnapshot(aSnapshot([kept, aFlag('changed', { on: false })], [segment]), before);
    expect(findFlag(after, 'kept')).toBe(compiled);
    expect(after.segments.byKey.get('s')).toBe(before.segments.byKey.get('s'));
    expect(evaluate(after, 'changed', {}).reason).toBe('DISABLED');
    expect(evaluate(before, 'changed', {}).reason).toBe('STATIC');
  });

  it('compiles a flag when it is first asked for, and what has to be looked at to answer', () => {
    const prerequisites = [{ flag: 'asked too', variations: ['a'] }];
    const flags = [aFlag('asked', { prerequisites }), aFlag('asked too'), aFlag('left alone')];
    const compiled = compileSnapshot(aSnapshot(flags));
    expect(compiledKeysOf(compiled)).toEqual([]);
    expect(evaluate(compiled, 'asked', {}).variant).toBe('a');
    expect(evaluate(compiled, 'none', {}).errorCode).toBe('FLAG_NOT_FOUND');
    expect(compiledKeysOf(compiled)).toEqual(['asked', 'asked too']);
    expect([...compiled.keys()]).toEqual(['asked', 'asked too', 'left alone']);
  });

  it('takes over flags of the same text', () => {
    const text = formatSnapshot(aSnapshot([aFlag('kept'), aFlag('changed')]));
    const before = compileSnapshot(parseSnapshot(text));
    const [kept, changed] = [findFlag(before, 'kept'), findFlag(before, 'changed')];
    const next = formatSnapshot(aSnapshot([aFlag('changed', { version: 2 }), aFlag('kept')]));
    const after = compileSnapshot(parseSnapshot(next), before);
    expect(findFlag(after, 'kept')).toBe(kept);
    expect(findFlag(after, 'changed')).not.toBe(changed);
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

function compiledKeysOf({ flags }: CompiledSnapshot): readonly string[] {
  return [...flags].filter(([, { isCompiled }]) => isCompiled).map(([key]) => key);
}

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
