import { describe, expect, it } from '@jest/globals';
import { answerSnapshot } from './snapshot-answer.js';

describe('the answer to who asks for a snapshot', () => {
  const served = {
    etag: '"now"',
    revision: 7,
    body: Buffer.from('x'.repeat(1_024)),
    encode: (encoding: string) => Buffer.from(encoding),
  };
  const validators = { etag: '"now"', 'sluice-revision': '7', 'cache-control': 'no-cache', vary: 'Accept-Encoding' };
  const whole = { ...validators, 'content-type': 'application/json; charset=utf-8' };

  it('is the whole, as it is, to who names no coding', () => {
    expect(answerSnapshot(served, {})).toEqual({ status: 200, headers: whole, body: served.body });
  });

  it('is encoded for who takes that, also by several headers', () => {
    const headers = { ...whole, 'content-encoding': 'br' };
    const answer = { status: 200, headers, body: Buffer.from('br') };
    expect(answerSnapshot(served, { 'accept-encoding': 'gzip, br' })).toEqual(answer);
    expect(answerSnapshot(served, { 'accept-encoding': ['gzip', 'br'] })).toEqual(answer);
  });

  it('is not encoded where that gains nothing', () => {
    const small = { ...served, body: Buffer.from('{}') };
    expect(answerSnapshot(small, { 'accept-encoding': 'gzip' })).toMatchObject({ headers: whole, body: small.body });
  });

  it('is 304, with what caches need, to who has it', () => {
    const asked = { 'if-none-match': 'W/"now"', 'accept-encoding': 'gzip' };
    expect(answerSnapshot(served, asked)).toEqual({ status: 304, headers: validators, body: undefined });
    expect(answerSnapshot(served, { 'if-none-match': '"then"' }).status).toBe(200);
  });
});
