import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluate, formatSnapshot, parsePatch, parseSnapshot, type Snapshot } from '../evaluation/index.js';
import { aFlag, aSnapshot } from '../evaluation/testing/builders.js';
import { anyChanges, anyFlag, anySegment, type Changes, FLAG_KEYS, PEOPLE } from '../../test/any-snapshot.js';
import { SnapshotStore } from './snapshot-store.js';

/** What arrives: a whole snapshot or what changed, and which flags are asked for before the next comes. */
interface Arrival {
  readonly whole: Pick<Snapshot, 'flags' | 'segments'> | undefined;
  readonly changes: Changes;
  readonly asked: readonly string[];
}

const anyArrival: fc.Arbitrary<Arrival> = fc.record({
  whole: fc
    .option(
      fc.record({
        flags: fc.uniqueArray(anyFlag, { selector: ({ key }) => key }),
        segments: fc.uniqueArray(anySegment, { selector: ({ key }) => key }),
      }),
    )
    .map((whole) => whole ?? undefined),
  changes: anyChanges,
  asked: fc.subarray([...FLAG_KEYS]),
});

/** Everything that a store says about some flags. */
function answersOf(store: SnapshotStore, keys: readonly string[]): readonly unknown[] {
  const { compiled } = store;
  return keys.map((key) => [
    key,
    store.typeOf(key),
    compiled && PEOPLE.map((targetingKey) => evaluate(compiled, key, { targetingKey, text: '"flags":[' })),
  ]);
}

function compiledKeysOf({ compiled }: SnapshotStore): readonly string[] {
  return [...(compiled?.flags ?? [])].filter(([, { isCompiled }]) => isCompiled).map(([key]) => key);
}

describe('SnapshotStore', () => {
  it('says the same whether flags are read at once or when they are asked for, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(anyArrival, { minLength: 1, maxLength: 6 }), (arrivals) => {
        const [lazy, eager] = [new SnapshotStore(), new SnapshotStore()];
        for (const [index, { whole, changes, asked }] of arrivals.entries()) {
          const revision = index + 1;
          const sent = whole && { ...aSnapshot(whole.flags, whole.segments), revision };
          const patch = JSON.stringify({ from: index, revision, ...changes });
          const heard = sent
            ? [lazy.put(parseSnapshot(formatSnapshot(sent))), eager.put(parseSnapshot(JSON.stringify(sent)))]
            : [lazy.patch(parsePatch(patch)), eager.patch(parsePatch(patch))];
          expect(heard[0]).toEqual(heard[1]);
          expect(lazy.compiled && [...lazy.compiled.keys()]).toEqual(eager.compiled && [...eager.compiled.keys()]);
          expect(answersOf(lazy, asked)).toEqual(answersOf(eager, asked));
        }
        expect(answersOf(lazy, FLAG_KEYS)).toEqual(answersOf(eager, FLAG_KEYS));
        expect(lazy.snapshot).toEqual(eager.snapshot);
      }),
      { numRuns: 500 },
    );
  });

  it('reads no flag before it is asked for, neither at first nor when a patch or the next whole snapshot comes', () => {
    const broken = (snapshot: Snapshot): string => formatSnapshot(snapshot).replace('"version":7', '"version":');
    const flags = [aFlag('a'), aFlag('broken', { version: 7 }), aFlag('c')];
    const store = new SnapshotStore();
    const change = store.put(parseSnapshot(broken(aSnapshot(flags))));
    expect(change).toEqual({ revision: 1, flagsChanged: ['a', 'broken', 'c'] });
    const nothing = { from: 1, revision: 2, flags: [], removedFlags: [], segments: [], removedSegments: [] };
    expect(store.patch({ ...nothing, flags: [aFlag('c', { on: false })] })).toMatchObject({ flagsChanged: ['c'] });
    const next = { ...aSnapshot([aFlag('a', { on: false }), ...flags.slice(1)]), revision: 3 };
    expect(store.put(parseSnapshot(broken(next)))).toEqual({ revision: 3, flagsChanged: ['a', 'c'] });
    expect(compiledKeysOf(store)).toEqual([]);
    expect(store.typeOf('a')).toBe('string');
    expect(compiledKeysOf(store)).toEqual(['a']);
  });
});
