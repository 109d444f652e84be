import { expect, it } from '@jest/globals';
import { shortDigest } from './digest.js';

it.each([
  [`sha256:9f86d081884c${'0'.repeat(52)}`, '9f86d081884c'],
  ['abc', 'abc'],
])('shortens %s', (digest, short) => {
  expect(shortDigest(digest)).toBe(short);
});
