import { expect, it } from '@jest/globals';
import { readUse, type Use } from './used-by.js';

it.each<[string, Use]>([
  ['flag/team/Cart:v2.x in production', { kind: 'flag', key: 'team/Cart:v2.x', environment: 'production' }],
  ['segment/staff', { kind: 'segment', key: 'staff', environment: undefined }],
  ['something else', { kind: '', key: 'something else', environment: undefined }],
])('reads %j', (text, use) => expect(readUse(text)).toEqual(use));
