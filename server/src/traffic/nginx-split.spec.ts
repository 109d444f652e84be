import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FULL_SHARE } from '../kernel/share.js';
import { NGINX_STEP, nginxShare, parseState, renderSplit } from './nginx-split.js';

const names = { name: 'checkout', key: '$http_x_sluice_key', stable: 'v1', candidate: 'v2' };
const render = (share: number): string => renderSplit(names, { share, generation: '1a2b3c4d' });

it('writes a file that nginx can load by itself', () => {
  expect(render(12_340)).toBe(`# Written by Sluice, and written anew with every shift: edits are lost.
split_clients "checkout:$http_x_sluice_key" $sluice_checkout {
  12.34% v2;
  * v1;
}
map $sluice_checkout $sluice_checkout_arm {
  v2 c;
  default s;
}
map "" $sluice_checkout_state {
  default "12340 1a2b3c4d";
}
log_format sluice_checkout '$sluice_checkout_arm 1a2b3c4d';
`);
});

it.each([
  [0, ['* v1;']],
  [10, ['0.01% v2;', '* v1;']],
  [1_000, ['1.00% v2;', '* v1;']],
  [99_990, ['99.99% v2;', '* v1;']],
  [FULL_SHARE, ['* v2;']],
])('splits at %i thousandths', (share, parts) => {
  const block = /\{\n([^}]*)\}/u.exec(render(share))?.[1];
  expect(block?.trim().split(/\n\s*/u)).toEqual(parts);
});

it('rounds down by less than a step, and the percentage is what was rounded to', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: FULL_SHARE }), (share) => {
      const rounded = nginxShare(share);
      expect(rounded).toBeLessThanOrEqual(share);
      expect(share - rounded).toBeLessThan(NGINX_STEP);
      const percent = /^ {2}([\d.]+)% v2;$/mu.exec(render(rounded))?.[1];
      if (rounded > 0 && rounded < FULL_SHARE) expect(Math.round(Number(percent) * 1_000)).toBe(rounded);
    }),
  );
});

it.each([
  ['12340 1a2b3c4d', { share: 12_340, generation: '1a2b3c4d' }],
  ['0 00ff00ff\n', { share: 0, generation: '00ff00ff' }],
  ['', undefined],
  ['<html>', undefined],
  ['100001 1a2b3c4d', undefined],
])('reads the state from %j', (text, state) => expect(parseState(text)).toEqual(state));
