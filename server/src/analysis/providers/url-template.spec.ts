import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { complaintAboutAddress, complaintAboutUrl, fillUrl } from './url-template.js';

const values = { service: 'checkout', version: '1.2.3', environment: 'production', window: '90s' };

it.each([
  ['https://m.example/v/{{version}}?env={{environment}}', 'https://m.example/v/1.2.3?env=production'],
  ['http://[::1]:9090/{{ service }}', 'http://[::1]:9090/checkout'],
])('fills %s in', (text, filled) => {
  expect(complaintAboutUrl(text)).toBeUndefined();
  expect(fillUrl(text, values)).toBe(filled);
});

it.each([
  ['metrics.example.com', 'must be a URL'],
  ['', 'must be a URL'],
  ['file:///etc/passwd', 'http:// or https://'],
  ['ftp://m.example/x', 'http:// or https://'],
  ['gopher://m.example/x', 'http:// or https://'],
  ['http://user@m.example/', 'credentials'],
  ['http://user:pass@m.example/', 'credentials'],
  ['http://:pass@m.example/', 'credentials'],
  ['http://{{service}}/', 'before its path'],
  ['http://{{service}}.example/', 'before its path'],
  ['http://m.example:{{window}}/', 'must be a URL'],
  ['http://{{service}}@m.example/', 'credentials'],
  ['{{service}}://m.example/', 'http:// or https://'],
  ['http://m.example/{{host}}', 'unknown argument "host"'],
  ['http://m.example/#part', 'fragment'],
  ['http://m.example/#', 'fragment'],
  ['http://m.example\\@other/', 'backslash'],
  ['http://m.example/a\nb', 'control character'],
])('objects to %s', (text, says) => expect(complaintAboutUrl(text)).toContain(says));

it('keeps whatever a version is called within its segment or parameter', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '.', '%2e%2e', '//x', '?', '#')),
      (version) => {
        const url = new URL(fillUrl('http://m.example/a/{{version}}/b?v={{version}}&w=1', { ...values, version }));
        expect([url.origin, url.hash, url.pathname.split('/').length]).toEqual(['http://m.example', '', 4]);
        expect([url.pathname.startsWith('/a/'), url.pathname.endsWith('/b')]).toEqual([true, true]);
        expect([...url.searchParams.keys()]).toEqual(['v', 'w']);
        if (!/^\.{1,2}$/u.test(version)) expect(url.searchParams.get('v')).toBe(version);
      },
    ),
  );
});

it.each([
  ['http://prometheus:9090', undefined],
  ['http://prometheus:9090/prefix/', undefined],
  ['http://prometheus:9090/?x=1', 'must have no query'],
  ['http://prometheus:9090/{{service}}', 'no arguments'],
  ['prometheus:9090', 'http:// or https://'],
])('judges the address %s', (text, says) => {
  const complaint = complaintAboutAddress(text);
  if (says === undefined) expect(complaint).toBeUndefined();
  else expect(complaint).toContain(says);
});
