import { BlockList } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInBlock, parseAddress, parseCidr } from './cidr.js';

describe('isInBlock', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.9.9.9/8', true],
    ['192.168.1.1', '192.168.1.1', true],
    ['192.168.1.2', '192.168.1.1', false],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['::1', '::1', true],
    ['2001:db8::ff', '2001:db8::/32', true],
    ['2001:DB8:0:0:0:0:0:ff', '2001:db8::/120', true],
    ['2001:db9::', '2001:db8::/32', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['10.1.2.3', '::ffff:0a00:0/104', true],
    ['10.1.2.3', '::/0', false],
    ['fe80::1', '0.0.0.0/0', false],
  ])('says of %s in %s: %s', (address, block, expected) => {
    const parsed = { address: parseAddress(address), block: parseCidr(block) };
    expect(parsed.address !== undefined && parsed.block !== undefined && isInBlock(parsed.address, parsed.block)).toBe(
      expected,
    );
  });

  it.each(['', '10.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.0.1', '1.2.3.4 ', ':', ':::', '1::2::3', '1:2:3:4:5:6:7'])(
    'takes %j for no address',
    (text) => expect(parseAddress(text)).toBeUndefined(),
  );

  it.each(['12345::', 'fe80::1%eth0', '1:2:3:4:5:6:7:8:9', '1.2.3.4::', '::1.2.3', 'g::', ' ::1', '1:2:3:4:5:6:7::8'])(
    'takes %j for no address',
    (text) => expect(parseAddress(text)).toBeUndefined(),
  );

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/-1', '::/129', '10.0.0.0/8/8', 'x/8', '/8'])(
    'takes %j for no block',
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );

  it("agrees with Node's BlockList within each family", () => {
    const v4 = fc.tuple(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.constant('ipv4' as const));
    const v6 = fc.tuple(fc.ipV6(), fc.ipV6(), fc.integer({ min: 0, max: 128 }), fc.constant('ipv6' as const));
    fc.assert(
      fc.property(fc.oneof(v4, v6), ([address, network, length, family]) => {
        const list = new BlockList();
        list.addSubnet(network, length, family);
        for (const each of [address, network]) {
          const parsed = { address: parseAddress(each), block: parseCidr(`${network}/${length}`) };
          if (parsed.address === undefined || parsed.block === undefined)
            throw new Error(`${each} ${network}/${length}`);
          const isMapped = family === 'ipv6' && (typeof parsed.address === 'number' || parsed.block.family === 4);
          if (!isMapped) expect(isInBlock(parsed.address, parsed.block)).toBe(list.check(each, family));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
