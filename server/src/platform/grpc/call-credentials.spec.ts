import { Metadata } from '@grpc/grpc-js';
import { expect, it } from '@jest/globals';
import { callCredentials, type ShownCall } from './call-credentials.js';

function aCall(peer: string, shown: Readonly<Record<string, string>> = {}): ShownCall {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(shown)) metadata.set(name, value);
  return { metadata, getPeer: () => peer };
}

it.each<[string, readonly string[], string, string | undefined, string]>([
  ['who connects, whatever they say', [], '203.0.113.9:4711', '198.51.100.1', '203.0.113.9'],
  ['who connects, though others are trusted', ['10.0.0.0/8'], '203.0.113.9:4711', '198.51.100.1', '203.0.113.9'],
  ['whom a trusted proxy names', ['10.0.0.0/8'], '10.1.2.3:4711', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['a trusted proxy that names nobody', ['10.0.0.0/8'], '10.1.2.3:4711', undefined, '10.1.2.3'],
  ['whom a proxy on this machine names', ['loopback'], '::1:4711', '2001:db8::7', '2001:db8::7'],
  ['nobody knows where', ['10.0.0.0/8'], 'unknown', '203.0.113.9', 'unknown'],
])('a call comes from %s', (_who, trusted, peer, forwarded, address) => {
  const call = aCall(peer, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded });
  expect(callCredentials(trusted)(call)).toEqual({ authorization: undefined, apiKey: undefined, address });
});

it('a call shows a token in either of two ways', () => {
  const call = aCall('203.0.113.9:4711', { authorization: 'Bearer a', 'x-api-key': 'b' });
  expect(callCredentials([])(call)).toMatchObject({ authorization: 'Bearer a', apiKey: 'b' });
});
