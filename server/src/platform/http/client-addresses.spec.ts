import type { IncomingMessage } from 'node:http';
import { expect, it } from '@jest/globals';
import { clientAddresses } from './client-addresses.js';

const from = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  // All that is looked at.
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

it.each<[string, readonly string[], string, string | undefined, string]>([
  ['who connects, without a proxy', [], '203.0.113.9', undefined, '203.0.113.9'],
  ['who connects, whatever they say', [], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['who connects, though others are trusted', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['whom a trusted proxy names', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9', '203.0.113.9'],
  ['the last that a trusted proxy names', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['whom the first of two proxies names', ['10.0.0.0/8'], '10.1.2.3', '203.0.113.9, 10.9.9.9', '203.0.113.9'],
  ['a proxy on this machine', ['loopback'], '::ffff:127.0.0.1', '2001:db8::7', '2001:db8::7'],
])('a request comes from %s', (_who, trusted, remote, forwarded, expected) => {
  expect(clientAddresses(trusted)(from(remote, forwarded))).toBe(expected);
});
