import { describe, expect, it } from '@jest/globals';
import { sidesOf } from './compare-sides.js';

const DEV = { key: 'dev', production: false };
const STAGING = { key: 'staging', production: false };
const LIVE = { key: 'live', production: true };
const ALL = [DEV, LIVE, STAGING];

describe('the sides of a comparison', () => {
  it.each([
    ['what is not of production to production', ALL, {}, { from: 'dev', to: 'live' }],
    ['what was asked for', ALL, { from: 'staging', to: 'dev' }, { from: 'staging', to: 'dev' }],
    ['another, where both are asked to be one', ALL, { from: 'live', to: 'live' }, { from: 'dev', to: 'live' }],
    ['another, where one is gone', ALL, { from: 'gone', to: 'dev' }, { from: 'staging', to: 'dev' }],
    ['what is left, where only one is said', ALL, { from: 'live' }, { from: 'live', to: 'dev' }],
    ['any two, where none is of production', [DEV, STAGING], {}, { from: 'staging', to: 'dev' }],
  ])('go from %s', (_name, environments, asked, sides) => {
    expect(sidesOf(environments, asked)).toEqual(sides);
  });

  it.each([[[]], [[LIVE]]])('are none where there are not two', (environments) => {
    expect(sidesOf(environments, { to: 'live' })).toBeUndefined();
  });
});
