import { describe, expect, it } from '@jest/globals';
import { recordFaults, type Write, type WriteEntry } from './write-record.js';

/** One write after the other, but for `d`, which began with `c`. */
const writes: readonly Write[] = [
  { id: 'a', what: 'v1', outcome: 'accepted', begun: 1, ended: 2 },
  { id: 'b', what: 'v2', outcome: 'refused', begun: 3, ended: 4 },
  { id: 'c', what: 'v3', outcome: 'accepted', begun: 5, ended: 7 },
  { id: 'd', what: 'flag', outcome: 'accepted', begun: 6, ended: 8 },
  { id: 'e', what: 'v4', outcome: 'unknown', begun: 9, ended: 10 },
  { id: 'f', what: 'v5', outcome: 'unknown', begun: 11, ended: 12 },
  { id: 'g', what: 'v6', outcome: 'accepted', begun: 13, ended: 14 },
];
const entry = (sequence: number, id: string, what: string): WriteEntry => ({ sequence, id, what });
/** `e` was stored, late; `f` was not. */
const entries: readonly WriteEntry[] = [
  entry(10, 'a', 'v1'),
  entry(11, 'd', 'flag'),
  entry(12, 'c', 'v3'),
  entry(13, 'g', 'v6'),
  entry(14, 'e', 'v4'),
];
const without = (id: string): readonly WriteEntry[] => entries.filter((each) => each.id !== id);

describe('an audit log', () => {
  it('that has all that was accepted, once and in its order, has no faults', () => {
    expect(recordFaults(writes, entries)).toEqual([]);
  });

  it.each<[string, readonly WriteEntry[], string]>([
    ['lacks a write that was accepted', without('c'), 'v3 was accepted and has no entry.'],
    ['has a write twice', [...entries, entry(15, 'g', 'v6')], 'v6 has the entries 13, 15.'],
    ['has one of unknown outcome twice', [...entries, entry(15, 'e', 'v4')], 'v4 has the entries 14, 15.'],
    ['has a write that was refused', [...entries, entry(15, 'b', 'v2')], 'v2 was refused and has entry 15.'],
    ['has what nobody wrote', [...entries, entry(15, 'z', 'v9')], 'Entry 15, v9, is of no write.'],
    ['has something else', [...without('g'), entry(13, 'g', 'v9')], 'v6 has entry 13, which is of v9.'],
    ['has one before what was accepted first', [...without('a'), entry(15, 'a', 'v1')], 'v3 stands before v1, acc'],
    ['has one of unknown outcome too early', [...without('e'), entry(9, 'e', 'v4')], 'v4 stands before v3, acc'],
  ])('%s', (_name, faulty, words) => {
    expect(recordFaults(writes, faulty)).toContainEqual(expect.stringContaining(words));
  });
});
