import { describe, expect, it } from '@jest/globals';
import { currentTraceparent, inSpan, parseTraceparent } from './spans.js';

describe('parseTraceparent', () => {
  it.each([
    undefined,
    null,
    '',
    'nonsense',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  ])('%s names no span', (text) => expect(parseTraceparent(text)).toBeUndefined());

  it('reads the example of the recommendation, and of its flags those that it knows', () =>
    expect(parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03')).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      isRemote: true,
    }));
});

it('where nobody takes traces, work is done all the same', async () => {
  expect(await inSpan('work', {}, async () => currentTraceparent())).toBeUndefined();
  await expect(inSpan('work', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
