import { describe, expect, it } from '@jest/globals';
import { asksForPage, withNonce } from './web-page.js';
import { pageHeaders } from './web-page-headers.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('who asks for a page', () => {
  it.each<[string, string, string | undefined, boolean]>([
    ['a browser at the root', '/', BROWSER, true],
    ['a browser at a deep link', '/projects/shop/flags?q=a', BROWSER, true],
    ['a browser that mistypes a page', '/nowhere', BROWSER, true],
    ['a browser that mistypes an API path', '/api/v1/nowhere', BROWSER, false],
    ['a browser at GraphQL', '/graphql?query=x', BROWSER, false],
    ['a browser with an asset of another build', '/assets/old.js', BROWSER, false],
    ['a script’s request', '/projects/shop', '*/*', false],
    ['a program that says nothing', '/projects/shop', undefined, false],
    ['a path that only begins like an API', '/apiary', BROWSER, true],
  ])('%s: %s', (_who, url, accept, expected) => expect(asksForPage(url, accept)).toBe(expected));
});

it('puts the nonce wherever the page has its place', () => {
  expect(withNonce('<script nonce="{{nonce}}"></script><meta nonce="{{nonce}}">', 'n')).toBe(
    '<script nonce="n"></script><meta nonce="n">',
  );
});

describe('the headers of the page', () => {
  it('allow nothing inline but what carries the nonce', () => {
    const policy = pageHeaders('n', false)['content-security-policy'] ?? '';
    expect(policy).toContain(`style-src 'self' 'nonce-n'`);
    expect(policy).not.toMatch(/unsafe|\*/u);
  });

  it.each([
    [true, 'max-age=63072000; includeSubDomains'],
    [false, undefined],
  ])('ask for https where the server is reached by it: %s', (isHttps, expected) => {
    expect(pageHeaders('n', isHttps)['strict-transport-security']).toBe(expected);
  });
});
