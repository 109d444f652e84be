import { describe, expect, it } from '@jest/globals';
import { faultsOf, type History, type Sighting, type StoredChange } from './history.js';

/** Revisions 3 and 5 changed something else; 3 was refused. */
const whole: History = {
  initial: 0,
  stored: [
    { revision: 2, before: 0, after: 1 },
    { revision: 4, before: 1, after: 2 },
  ],
  newest: 5,
  sightings: [
    { observer: 'a', revision: 1, value: 0 },
    { observer: 'a', revision: 2, value: 1 },
    { observer: 'b', revision: 3, value: 1 },
    { observer: 'b', revision: 4, value: 2 },
    { observer: 'b', revision: 5, value: 2 },
  ],
};

describe('a history', () => {
  it('in which everybody saw what was stored, in its order, has no faults', () => {
    expect(faultsOf(whole)).toEqual([]);
  });

  it.each<[string, Sighting, string]>([
    ['shows a value that was refused', { observer: 'a', revision: 4, value: 3 }, 'nobody ever stored that'],
    ['shows a value before it was written', { observer: 'a', revision: 3, value: 2 }, 'that was stored at 4'],
    ['shows a value after it was written over', { observer: 'a', revision: 5, value: 1 }, 'where 2 is stored'],
    ['shows what was before all, later', { observer: 'a', revision: 2, value: 0 }, 'where 1 is stored'],
    ['shows a revision that never was', { observer: 'a', revision: 6, value: 2 }, 'and the newest is 5'],
    ['goes back in time', { observer: 'b', revision: 4, value: 2 }, 'went back from revision 5 to 4'],
  ])('%s', (_name, sighting, words) => {
    const faults = faultsOf({ ...whole, sightings: [...whole.sightings, sighting] });
    expect(faults).toEqual([expect.stringContaining(words)]);
  });

  it.each<[string, StoredChange, string]>([
    ['lacks a change between two', { revision: 5, before: 7, after: 8 }, 'was made of 7, and 2 was stored'],
    ['has two changes at one revision', { revision: 4, before: 2, after: 3 }, 'was stored after that at 4'],
  ])('%s', (_name, change, words) => {
    const faults = faultsOf({ ...whole, stored: [...whole.stored, change], sightings: [] });
    expect(faults).toEqual([expect.stringContaining(words)]);
  });
});
