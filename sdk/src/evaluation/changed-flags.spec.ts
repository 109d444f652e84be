import { expect, it } from '@jest/globals';
import { aFlag, aSegment, aSnapshot } from '../../test/builders.js';
import type { Clause, Snapshot, SnapshotFlag } from './snapshot.js';
import { changedFlags } from './changed-flags.js';

const inSegment = (key: string): Clause => ({ attribute: '', operator: 'inSegment', values: [key] });
const served = { variation: 'on' };

const before = aSnapshot({
  flags: [
    aFlag({ key: 'direct', rules: [{ id: 'r', clauses: [inSegment('staff')], serve: served }] }),
    aFlag({ key: 'indirect', rules: [{ id: 'r', clauses: [inSegment('friends')], serve: served }] }),
    aFlag({ key: 'dependent', prerequisites: [{ flag: 'plain', variations: ['on'] }] }),
    aFlag({ key: 'plain' }),
  ],
  segments: [aSegment(), aSegment({ key: 'friends', rules: [{ clauses: [inSegment('staff')] }] })],
});

it.each<[string, Partial<Snapshot>, string[]]>([
  ['nothing when a snapshot is repeated', {}, []],
  ['a flag that was edited and what has it as prerequisite', edit('plain'), ['dependent', 'plain']],
  ['a flag that was removed', { flags: before.flags.filter((flag) => flag.key !== 'direct') }, ['direct']],
  ['a flag that was added', { flags: [...before.flags, aFlag({ key: 'added' })] }, ['added']],
  [
    'flags that refer to a changed segment, directly or through another',
    {
      segments: before.segments.map((segment) => (segment.key === 'staff' ? { ...segment, included: ['u'] } : segment)),
    },
    ['direct', 'indirect'],
  ],
  ['flags that refer to a removed segment', { segments: [] }, ['direct', 'indirect']],
])('names %s', (_name, changes, expected) => {
  // A put parses everything anew: equality must be by content.
  const after = structuredClone({ ...before, ...changes });
  expect(changedFlags(before, after)).toEqual(expected);
});

it('names every flag of a first snapshot', () => {
  expect(changedFlags(undefined, before)).toEqual(['dependent', 'direct', 'indirect', 'plain']);
});

it('is not led astray by flags it cannot read', () => {
  const malformed: unknown = { key: 'odd', rules: [null], prerequisites: 7 };
  // What a later server might send.
  const after = { ...before, segments: [], flags: [...before.flags, malformed as SnapshotFlag] };
  expect(changedFlags(before, after)).toEqual(['direct', 'indirect', 'odd']);
});

function edit(key: string): Partial<Snapshot> {
  return { flags: before.flags.map((flag) => (flag.key === key ? { ...flag, version: 2, on: false } : flag)) };
}
