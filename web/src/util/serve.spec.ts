import { expect, it } from '@jest/globals';
import { describeServe } from './serve.js';

it.each<[unknown, string]>([
  [{ variation: 'on' }, 'on'],
  [{ split: [] }, 'a split'],
  [null, 'the caller’s default'],
])('%j is %s', (serve, words) => expect(describeServe(serve)).toBe(words));
