import { expect, it } from '@jest/globals';
import { sessionTarget } from './session-target.js';

it.each([
  ['/projects/shop/flags?q=a', '/projects/shop/flags?q=a'],
  [undefined, '/'],
  ['', '/'],
  ['https://elsewhere.example/', '/'],
  ['//elsewhere.example/', '/'],
  ['/\\elsewhere.example/', '/'],
  ['/\t/elsewhere.example/', '/'],
  ['javascript:alert(1)', '/'],
])('goes, for %j, to %j', (to, expected) => expect(sessionTarget(to)).toBe(expected));
