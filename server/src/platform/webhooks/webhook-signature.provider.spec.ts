import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { createSecret, signWebhook } from './webhook-signature.provider.js';

interface Case {
  readonly name: string;
  readonly secret: string;
  readonly id: string;
  readonly timestamp: string;
  readonly body: string;
  readonly signature: string;
  readonly now: number;
  readonly valid: boolean;
}

const TOLERANCE_SECONDS = 300;
const GOOD = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const WRONG = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';
const known: Case = {
  name: 'the known message',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  body: '{"test": 2432232314}',
  signature: GOOD,
  now: 1614265330,
  valid: true,
};

/** Of the published tests of Standard Webhooks (Apache-2.0), so that they run anywhere. */
const cases: readonly Case[] = [
  known,
  { ...known, name: 'a secret without prefix', secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  { ...known, name: 'one good signature of several', signature: `${WRONG} v2,MzJsNDk4 ${GOOD} ${WRONG}` },
  { ...known, name: 'a wrong signature', signature: WRONG, valid: false },
  { ...known, name: 'one other character', signature: GOOD.replace('OE=', 'OA='), valid: false },
  { ...known, name: 'an empty signature', signature: 'v1,', valid: false },
  { ...known, name: 'another version only', signature: GOOD.replace('v1', 'v2'), valid: false },
  { ...known, name: 'another body', body: '{"test": 2432232315}', valid: false },
  { ...known, name: 'a time too long ago', now: 1614265631, valid: false },
  { ...known, name: 'a time too far ahead', now: 1614265029, valid: false },
];

/** The wider collection, where the checkout has it beside it. */
const REFERENCE = new URL('../../../../../shared/reference/standard-webhooks/cases.json', import.meta.url);
const reference: readonly Case[] = existsSync(REFERENCE)
  ? (JSON.parse(readFileSync(REFERENCE, 'utf8')) as readonly Case[])
  : [];

describe('signWebhook', () => {
  it.each([...cases, ...reference])('makes what receivers look for: $name', (each) => {
    const { secret, id, timestamp, body, signature, now, valid } = each;
    const ours = signWebhook([secret], { id, timestamp: Number(timestamp), body });
    const isFresh = Math.abs(now - Number(timestamp)) <= TOLERANCE_SECONDS;
    expect(signature.split(' ').includes(ours) && isFresh).toBe(valid);
  });

  it('satisfies a client that we did not write, by the new secret and by the one before', () => {
    const secrets = [createSecret(), createSecret()];
    const timestamp = Math.floor(Date.now() / 1_000);
    const body = '{"text":"naïve 🛒"}';
    const headers = {
      'webhook-id': 'event-1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook(secrets, { id: 'event-1', timestamp, body }),
    };
    for (const secret of secrets) {
      expect(new Webhook(secret).verify(body, headers)).toEqual({ text: 'naïve 🛒' });
      expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature');
    }
    expect(() => new Webhook(createSecret()).verify(body, headers)).toThrow('No matching signature');
  });
});

it('makes secrets of 256 random bits', () => {
  const secret = createSecret();
  expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  expect(createSecret()).not.toBe(secret);
});
