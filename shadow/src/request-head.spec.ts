import { expect, it } from '@jest/globals';
import { headForCopy, headForPrimary, headForUpgrade, type IncomingHead, pathOf } from './request-head.js';

const incoming = (method: string, ...lines: string[]): IncomingHead => ({
  ...{ method, target: '/', lines, httpVersion: '1.1', peer: '10.0.0.9' },
});
const ADDED = ['X-Forwarded-For', '10.0.0.9', 'X-Forwarded-Proto', 'http', 'Via', '1.1 sluice-shadow'];

it.each<[string, string | undefined]>([
  ['/a?b', '/a?b'],
  ['*', '*'],
  ['http://user@host:1/a/b?c', '/a/b?c'],
  ['HTTPS://host', '/'],
  ['host:443', undefined],
  ['//host/a', '//host/a'],
])('the path of %p is %p', (target, path) => expect(pathOf(target)).toBe(path));

it.each<[string, IncomingHead, readonly string[]]>([
  [
    'the caller’s host',
    incoming('GET', 'host', 'shop.example', 'A', '1'),
    ['Host', 'shop.example', 'A', '1', ...ADDED],
  ],
  [
    'the length of a body',
    incoming('PUT', 'Host', 'a', 'Content-Length', '3'),
    ['Host', 'a', 'Content-Length', '3', ...ADDED],
  ],
  ['that there is none', incoming('POST', 'Host', 'a'), ['Host', 'a', ...ADDED, 'Content-Length', '0']],
  [
    'chunks as chunks, with their trailer',
    incoming('GET', 'Host', 'a', 'Transfer-Encoding', 'chunked', 'Trailer', 'X'),
    ['Host', 'a', 'Trailer', 'X', ...ADDED, 'Transfer-Encoding', 'chunked'],
  ],
  ['no trailer without chunks', incoming('GET', 'Host', 'a', 'Trailer', 'X'), ['Host', 'a', ...ADDED]],
  [
    'a wish for trailers',
    incoming('GET', 'Host', 'a', 'TE', 'trailers'),
    ['Host', 'a', ...ADDED, 'Connection', 'keep-alive, TE', 'TE', 'trailers'],
  ],
  [
    'where it came through',
    incoming('GET', 'Host', 'a', 'Via', '1.0 fred', 'X-Forwarded-For', '1.1.1.1', 'X-Forwarded-Proto', 'https'),
    [
      'Host',
      'a',
      'X-Forwarded-Proto',
      'https',
      'X-Forwarded-For',
      '1.1.1.1, 10.0.0.9',
      'Via',
      '1.0 fred, 1.1 sluice-shadow',
    ],
  ],
])('the primary is told %s', (_name, given, lines) => {
  expect(headForPrimary(given, '/', 'primary:80', 'preserve').lines).toEqual(lines);
});

it('the primary sees its own host where that is wanted, and the caller’s beside it', () => {
  const { lines } = headForPrimary(
    incoming('GET', 'Host', 'a', 'X-Forwarded-Host', 'spoofed'),
    '/',
    'primary:80',
    'target',
  );
  expect(lines).toEqual(['Host', 'primary:80', 'X-Forwarded-Host', 'a', ...ADDED]);
});

it('an upgrade keeps what it is about', () => {
  const given = incoming(
    'GET',
    'Host',
    'a',
    'Connection',
    'keep-alive, Upgrade',
    'Upgrade',
    'websocket',
    'Sec-WebSocket-Key',
    'k',
  );
  expect(headForUpgrade(given, '/', 'p', 'preserve').lines).toEqual([
    ...['Host', 'a', 'Sec-WebSocket-Key', 'k', ...ADDED, 'Connection', 'Upgrade', 'Upgrade', 'websocket'],
  ]);
});

it.each<[string, number | undefined, readonly string[]]>([
  ['GET', undefined, []],
  ['GET', 4, ['Content-Length', '4']],
  ['POST', undefined, ['Content-Length', '0']],
])('a copy of a %s with %p bytes says that it is one, and frames its body itself', (method, bodyBytes, framing) => {
  const given = incoming(
    method,
    'Host',
    'a',
    'Expect',
    '100-continue',
    'Transfer-Encoding',
    'chunked',
    'Trailer',
    'X',
    'traceparent',
    'theirs',
    'sluice-shadow',
    'spoofed',
    'B',
    '2',
  );
  const head = headForCopy(given, '/p', {
    ...{ arm: 'candidate', authority: 'c', policy: 'preserve', traceparent: 'ours', bodyBytes },
  });
  expect(head).toEqual({
    ...{ method, path: '/p' },
    lines: ['Host', 'a', 'B', '2', ...ADDED, 'sluice-shadow', 'candidate', 'traceparent', 'ours', ...framing],
  });
});
