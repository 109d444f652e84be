import { describe, expect, it } from '@jest/globals';
import { settingsAbilities } from './flag-abilities.js';

describe('What may be done to settings', () => {
  it('is everything while nothing ramps the flag', () => {
    expect(settingsAbilities(null).filter(({ isAllowed }) => !isAllowed)).toEqual([]);
  });

  it('is to switch off alone while a release does, and the reason names it', () => {
    const abilities = settingsAbilities({ sentence: 'Release "June" is at 5 % of "on".' });
    expect(abilities.filter(({ isAllowed }) => isAllowed).map(({ action }) => action)).toEqual(['switchFlagOff']);
    expect(abilities.find(({ action }) => action === 'editFlagSettings')?.reason).toMatch(/^Release "June" is at 5 %/u);
  });
});
