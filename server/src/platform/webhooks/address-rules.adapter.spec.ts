import { describe, expect, it } from '@jest/globals';
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
    'fd00:ec2::254',
    '100.100.100.200',
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
  ])('goes to %s where private networks are allowed', (address) => {
    expect(objectionToAddress(address, true)).toBeUndefined();
    expect(objectionToAddress(address, false)).toContain('SLUICE_WEBHOOK_PRIVATE');
  });

  it.each(['93.184.215.14', '172.32.0.1', '169.253.255.255', '2606:2800:21f:cb07::1', '::ffff:93.184.215.14'])(
    'goes to %s',
    (address) => expect(objectionToAddress(address, false)).toBeUndefined(),
  );
});

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
