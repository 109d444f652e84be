import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AddressRefused, addressOf, objectionToAddress, refuseHost } from './address-rules.adapter.js';

describe('objectionToAddress', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::169.254.169.254',
    '2002:a9fe:a9fe::1',
    'fe80::1',
    'febf::1',
    'fe80::1%2',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    'fd00:a9fe:a9fe::1',
    'fd00:100::100:200',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '::6464:64c8',
    '2002:6464:64c8::',
    '64:ff9b:1::a9fe:a9fe',
    '64:ff9b:1:a9fe:ff:a9fe::',
    '::ffff:0:a9fe:a9fe',
    '2001::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2606:4700::200:5efe:a9fe:a9fe',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
  ])('never goes to %s', (address) => {
    expect(objectionToAddress(address, true)).toContain('never');
    expect(objectionToAddress(address, false)).toContain('never');
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fd12::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '192.0.0.1',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '100.100.100.201',
    'fd00:42::43',
    '::ffff:0:7f00:1',
    '64:ff9b::5db8:d70e',
    '64:ff9b:1::5db8:d70e',
    '2002:5db8:d70e::1',
    '100::1',
    '2001:20::1',
    '2001:db8::1',
    '3fff::1',
    '5f00::1',
    '2606:4700::5efe:7f00:1',
  ])('goes to %s where private networks are allowed', (address) => {
    expect(objectionToAddress(address, true)).toBeUndefined();
    expect(objectionToAddress(address, false)).toContain('SLUICE_WEBHOOK_PRIVATE');
  });

  it.each([
    '93.184.215.14',
    '172.32.0.1',
    '169.253.255.255',
    '168.63.129.17',
    '2606:2800:21f:cb07::1',
    '2001:4860:4860::8888',
    '::ffff:93.184.215.14',
    '2606:4700::5efe:5db8:d70e',
  ])('goes to %s', (address) => expect(objectionToAddress(address, false)).toBeUndefined());

  it('never goes to an IPv4 address that is refused, whatever IPv6 address carries it', () => {
    const refused = fc.oneof(
      fc.constantFrom('6464:64c8', 'a83f:8110', 'c000:00c0', 'ffff:ffff'),
      groups(1).map((rest) => `a9fe:${rest}`),
      fc
        .tuple(fc.integer({ min: 0xe000, max: 0xefff }), groups(1))
        .map(([high, rest]) => `${high.toString(16)}:${rest}`),
    );
    fc.assert(
      fc.property(refused.chain(carriersOf), (address) => {
        expect(objectionToAddress(address, true)).toContain('never');
        expect(objectionToAddress(address.toUpperCase(), true)).toContain('never');
      }),
    );
  });
});

/** So many groups of an IPv6 address. */
function groups(count: number): fc.Arbitrary<string> {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16).padStart(4, '0'));
  return fc.array(group, { minLength: count, maxLength: count }).map((all) => all.join(':'));
}

/** The IPv6 addresses that carry an IPv4 one, which is written as two groups of four digits. */
function carriersOf(ipv4: string): fc.Arbitrary<string> {
  const digits = ipv4.replace(':', '');
  const split = (...at: readonly number[]): string[] => at.map((start, index) => digits.slice(start, at[index + 1]));
  const high = digits.slice(0, 4);
  const [first, middle, last] = split(0, 2, 6);
  return fc.oneof(
    fc.constantFrom(`::${ipv4}`, `::ffff:${ipv4}`, `::ffff:0:${ipv4}`, `64:ff9b::${ipv4}`),
    groups(5).map((rest) => `2002:${ipv4}:${rest}`),
    groups(4).map((prefix) => `${prefix.replace(/^..../u, '2600')}:0:5efe:${ipv4}`),
    groups(4).map((prefix) => `${prefix.replace(/^..../u, '2600')}:200:5efe:${ipv4}`),
    groups(3).map((subnet) => `64:ff9b:1:${subnet}:${ipv4}`),
    fc.constantFrom(
      `64:ff9b:1:${high}:00${digits.slice(4, 6)}:${digits.slice(6)}00::`,
      `64:ff9b:1:77${first}:00${digits.slice(2, 4)}:${digits.slice(4)}::`,
      `64:ff9b:1:7777:00${first}:${middle}:${last}00::`,
    ),
    fc.constant(`::ffff:${[0, 2, 4, 6].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)).join('.')}`),
  );
}

describe('addressOf', () => {
  it.each<[string, string | undefined]>([
    ['http://169.254.169.254/latest', '169.254.169.254'],
    ['http://0xA9FEA9FE/latest', '169.254.169.254'],
    ['http://2852039166/latest', '169.254.169.254'],
    ['http://0251.0376.0251.0376/', '169.254.169.254'],
    ['http://169.254.43518/', '169.254.169.254'],
    ['http://[fe80::1]:80/', 'fe80::1'],
    ['http://metadata.example/', undefined],
  ])('of %s is %s', (url, expected) => expect(addressOf(new URL(url))).toBe(expected));
});

describe('refuseHost', () => {
  it('refuses addresses, however written, and names that lead to them', async () => {
    await expect(refuseHost(new URL('http://0xA9FEA9FE/'), true)).rejects.toThrow(AddressRefused);
    await expect(refuseHost(new URL('http://localhost/'), false)).rejects.toThrow(AddressRefused);
    await expect(refuseHost(new URL('http://localhost/'), true)).resolves.toBeUndefined();
  });

  it('lets a name pass that leads nowhere yet', async () => {
    await expect(refuseHost(new URL('http://not-yet.invalid/'), false)).resolves.toBeUndefined();
  });
});
