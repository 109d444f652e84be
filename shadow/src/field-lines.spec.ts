import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endToEnd, hasField, namesToken, withoutField } from './field-lines.js';

it.each<[string, readonly string[], readonly string[]]>([
  [
    'keeps order, case and repeats',
    ['A', '1', 'set-cookie', 'x', 'Set-Cookie', 'y'],
    ['A', '1', 'set-cookie', 'x', 'Set-Cookie', 'y'],
  ],
  [
    'drops what is for the next hop',
    [
      'Connection',
      'close',
      'Keep-Alive',
      '5',
      'TE',
      'x',
      'Transfer-Encoding',
      'chunked',
      'Upgrade',
      'h2c',
      'Proxy-Connection',
      'x',
      'B',
      '2',
    ],
    ['B', '2'],
  ],
  [
    'drops what Connection names, in any case and of any line',
    ['Connection', 'X-A , x-b', 'connection', 'x-c', 'X-a', '1', 'X-B', '2', 'X-C', '3', 'X-D', '4'],
    ['X-D', '4'],
  ],
  [
    'does not let Connection take the length or the host away',
    ['Connection', 'content-length, host', 'Host', 'a', 'Content-Length', '3'],
    ['Host', 'a', 'Content-Length', '3'],
  ],
  ['leaves nothing as it is', [], []],
])('endToEnd %s', (_name, lines, kept) => expect(endToEnd(lines)).toEqual(kept));

it('passing a message on twice changes nothing more', () => {
  const name = fc.constantFrom('Connection', 'X-A', 'x-b', 'TE', 'Host', 'Upgrade');
  const lines = fc.array(fc.tuple(name, fc.constantFrom('x-a', 'close', 'te, x-b', ''))).map((pairs) => pairs.flat());
  fc.assert(fc.property(lines, (given) => expect(endToEnd(endToEnd(given))).toEqual(endToEnd(given))));
});

it.each<[boolean, string]>([
  [true, 'trailers'],
  [true, 'deflate;q=0.5 , Trailers;q=1'],
  [false, 'trailersx'],
  [false, ''],
])('names the token: %s for %p', (isNamed, value) => expect(namesToken(['TE', value], 'te', 'trailers')).toBe(isNamed));

it('finds and takes out a field in any case', () => {
  const lines = ['A', '1', 'TRAILER', 'x', 'b', '2'];
  expect([hasField(lines, 'trailer'), hasField(lines, 'x')]).toEqual([true, false]);
  expect(withoutField(lines, 'trailer')).toEqual(['A', '1', 'b', '2']);
});
