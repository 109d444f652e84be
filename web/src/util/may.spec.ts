import { describe, expect, it } from '@jest/globals';
import { both, may, type Ability } from './may.js';

const yes = (action: string): Ability => ({ action, isAllowed: true, reason: null });
const no = (action: string, reason: string): Ability => ({ action, isAllowed: false, reason });

describe('what may be done', () => {
  it('is allowed where all who know of it allow it', () => {
    expect(may('promote', [yes('promote')], [yes('abort')])).toEqual({ isAllowed: true });
  });

  it('is not where one does not, for its reason', () => {
    const answer = may('promote', [yes('promote')], [no('promote', 'The release has ended.')]);
    expect(answer).toEqual({ isAllowed: false, reason: 'The release has ended.' });
  });

  it('is not where nobody knows of it', () => expect(may('promote', [yes('abort')]).isAllowed).toBe(false));

  it('takes both of two for one', () => {
    expect(both({ isAllowed: true }, { isAllowed: false, reason: 'No.' })).toEqual({ isAllowed: false, reason: 'No.' });
    expect(both({ isAllowed: true })).toEqual({ isAllowed: true });
  });
});
