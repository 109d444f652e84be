import { expect, it } from '@jest/globals';
import { objectionTo } from './webhook-url.js';

it.each([
  'https://example.com',
  'http://127.0.0.1:8080/hooks?team=a%20b',
  'https://[::1]/hooks',
  'https://bücher.example/',
])('takes %s', (url) => expect(objectionTo(url)).toBeUndefined());

it.each([
  ['', 'a URL'],
  ['example.com/hooks', 'a URL'],
  ['ftp://example.com', 'https: or http:'],
  ['file:///etc/passwd', 'https: or http:'],
  ['javascript:alert(1)', 'https: or http:'],
  ['https://user@example.com', 'no user name'],
  ['https://:secret@example.com', 'no user name'],
  ['https://example.com/#part', 'no fragment'],
  [`https://example.com/${'a'.repeat(2_048)}`, 'at most 2048'],
])('refuses %s', (url, why) => expect(objectionTo(url)).toContain(why));
