import { describe, expect, it } from '@jest/globals';
import { faultsOf, type History } from './history.js';

const whole: History = {
  initial: 0,
  writes: [
    { value: 1, outcome: 'accepted' },
    { value: 2, outcome: 'unknown' },
    { value: 3, outcome: 'refused' },
  ],
  sightings: [
    { observer: 'a', revision: 1, value: 0 },
    { observer: 'a', revision: 2, value: 1 },
    { observer: 'b', revision: 2, value: 1 },
    { observer: 'b', revision: 3, value: 2 },
  ],
};

describe('a history', () => {
  it('in which everybody saw what was published, in its order, has no faults', () => {
    expect(faultsOf(whole)).toEqual([]);
  });

  it.each([
    ['shows a value that was refused', { observer: 'a', revision: 4, value: 3 }, 'never published'],
    ['shows a value that nobody wrote', { observer: 'a', revision: 4, value: 9 }, 'never published'],
    ['shows two values at one revision', { observer: 'a', revision: 3, value: 1 }, 'where others saw 2'],
    ['goes back in time', { observer: 'b', revision: 2, value: 1 }, 'went back from revision 3 to 2'],
  ])('%s', (_name, sighting, words) => {
    const faults = faultsOf({ ...whole, sightings: [...whole.sightings, sighting] });
    expect(faults).toEqual([expect.stringContaining(words)]);
  });
});
