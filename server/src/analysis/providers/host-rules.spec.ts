import { expect, it } from '@jest/globals';
import { isHostListed } from './host-rules.js';

it.each<[string, string, boolean]>([
  ['http://prometheus:9090/', 'prometheus', true],
  ['http://prometheus:9090/', 'prometheus:9090', true],
  ['http://prometheus:9091/', 'prometheus:9090', false],
  ['http://prometheus/', 'prometheus:80', true],
  ['https://prometheus/', 'prometheus:443', true],
  ['https://prometheus/', 'prometheus:80', false],
  ['http://PROMETHEUS./', 'prometheus', true],
  ['http://m.example.com/', '*.example.com', true],
  ['http://a.m.example.com/', '*.example.com', true],
  ['http://example.com/', '*.example.com', false],
  ['http://badexample.com/', '*.example.com', false],
  ['http://m.example.com.evil.net/', '*.example.com', false],
  ['http://m.example.com:8080/', '*.example.com:80', false],
  ['http://prometheus.evil.net/', 'prometheus', false],
  ['http://10.0.0.1/', '10.0.0.1', true],
  ['http://10.0.0.1/', '*.0.0.1', false],
  ['http://[::1]:9090/', '[::1]:9090', true],
  ['http://[::1]:9090/', '[::1]', true],
  ['http://[::2]/', '[::1]', false],
])('of %s and %s answers %p', (url, entry, isListed) => {
  expect(isHostListed(new URL(url), ['nobody', entry])).toBe(isListed);
});

it('lists nobody on an empty list', () => expect(isHostListed(new URL('http://a/'), [])).toBe(false));
