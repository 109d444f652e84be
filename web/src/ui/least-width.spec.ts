import { expect, it } from '@jest/globals';
import { leastWidth } from './least-width.js';

it.each<[string, Parameters<typeof leastWidth>[0], string]>([
  ['leaves each column without a width room to be read', [{}, { width: '160px' }, {}], 'calc(88px + 160px + 88px)'],
  [
    'takes a share of the table for no width',
    [{ width: '17%' }, { width: 'min(206px, 30vw)' }],
    'calc(88px + min(206px, 30vw))',
  ],
  [
    'needs no room for what is left out',
    [{}, { width: '140px', isMinor: true }, { isMinor: false }],
    'calc(88px + 88px)',
  ],
  ['needs nothing where all is left out', [{ isMinor: true }], '0px'],
])('%s', (_name, columns, width) => expect(leastWidth(columns)).toBe(width));
