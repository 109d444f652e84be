import { describe, expect, it } from '@jest/globals';
import { refuseCrossSite, type SentBy } from './cross-site.js';

const sent = (more: Partial<SentBy> = {}): SentBy => ({
  method: 'POST',
  isUpgrade: false,
  host: 'sluice.shop.example',
  origin: undefined,
  fetchSite: undefined,
  publicUrl: undefined,
  ...more,
});
const upgrade = { method: 'GET', isUpgrade: true };

describe('a request that a cookie came with', () => {
  it.each<[string, Partial<SentBy>]>([
    ['only reads', { method: 'GET', fetchSite: 'cross-site' }],
    ['is of our own page', { fetchSite: 'same-origin' }],
    ['was asked for by the person', { fetchSite: 'none' }],
    ['names our host as its origin', { origin: 'https://sluice.shop.example' }],
    ['names our host however it is written', { origin: 'https://sluice.shop.example', host: 'Sluice.Shop.Example' }],
    ['names our public address', { host: '10.0.0.7', origin: 'https://a.example', publicUrl: 'https://a.example/' }],
    ['opens a socket from our own page', { ...upgrade, origin: 'https://sluice.shop.example' }],
  ])('is let through that %s', (_what, more) => expect(() => refuseCrossSite(sent(more))).not.toThrow());

  it.each<[string, Partial<SentBy>]>([
    ['is of another site', { fetchSite: 'cross-site', origin: 'https://evil.example' }],
    ['is of a neighbour', { fetchSite: 'same-site', origin: 'https://blog.shop.example' }],
    [
      'is of another site, whatever its origin says',
      { fetchSite: 'cross-site', origin: 'https://sluice.shop.example' },
    ],
    ['names another origin', { origin: 'https://evil.example' }],
    ['names another port', { origin: 'https://sluice.shop.example:8443' }],
    ['hides its origin', { origin: 'null' }],
    ['says nothing', {}],
    ['deletes from elsewhere', { method: 'DELETE', origin: 'https://evil.example' }],
    ['opens a socket from elsewhere', { ...upgrade, origin: 'https://evil.example' }],
    ['opens a socket from nowhere', upgrade],
  ])('is refused that %s', (_what, more) => {
    expect(() => refuseCrossSite(sent(more))).toThrow(expect.objectContaining({ code: 'CROSS_SITE' }));
  });
});
