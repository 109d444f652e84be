import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FULL_SHARE } from '../../kernel/share.js';
import { httpRouteOf, type HttpRouteShape, rulesOf } from './http-route.js';
import { type FoundRoute, hasApplied, isAsApplied, shareIn } from './read-http-route.js';

const shape: HttpRouteShape = {
  namespace: 'shop',
  name: 'checkout',
  stable: 'checkout-stable',
  candidate: 'checkout-candidate',
  port: 8080,
  gateways: [{ name: 'public' }],
  hostnames: [],
  path: '/',
};
// parentRefs of a manifest are those of a route.
const found = (share: number): FoundRoute => ({ ...httpRouteOf(shape, share, 'a/b/c'), metadata: {} }) as FoundRoute;
const withRules = (rules: unknown): FoundRoute => ({ metadata: {}, spec: { rules } }) as FoundRoute;
const ref = (name: string, weight?: number): object => {
  return { group: '', kind: 'Service', name, port: 8080, ...(weight === undefined ? {} : { weight }) };
};
const split = (...backendRefs: readonly object[]): readonly object[] => {
  return [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs }];
};

describe('shareIn', () => {
  it('reads every share back that Sluice writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: FULL_SHARE }), (share) => shareIn(found(share), shape) === share),
      { seed: 20261121 },
    );
  });

  it.each<[string, FoundRoute, number | undefined]>([
    ['weights of percent', withRules(split(ref('checkout-stable', 95), ref('checkout-candidate', 5))), 5_000],
    ['weights left out', withRules(split(ref('checkout-stable'), ref('checkout-candidate'))), 50_000],
    ['a third', withRules(split(ref('checkout-stable', 2), ref('checkout-candidate', 1))), undefined],
    ['no weight at all', withRules(split(ref('checkout-stable', 0), ref('checkout-candidate', 0))), undefined],
    ['arms the other way round', withRules(split(ref('checkout-candidate', 9), ref('checkout-stable', 1))), undefined],
    ['one Service', withRules(split(ref('checkout-stable', 1))), undefined],
    ['a third Service', withRules(split(ref('checkout-stable', 9), ref('checkout-candidate', 1), ref('c'))), undefined],
    ['a rule before it', withRules([...rulesOf(shape, 1), ...rulesOf(shape, 1)]), undefined],
    ['no rules', withRules([]), undefined],
    ['no spec', { metadata: {} }, undefined],
  ])('reads %s', (_what, route, share) => expect(shareIn(route, shape)).toBe(share));
});

describe('isAsApplied', () => {
  const manifest = httpRouteOf(shape, 10_000, 'a/b/c');

  it('takes a route with more in it than was applied', () => {
    expect(isAsApplied({ ...manifest, status: { parents: [] } } as FoundRoute, manifest)).toBe(true);
  });

  it.each<[string, object]>([
    ['another weight', { spec: { ...manifest.spec, rules: rulesOf(shape, 10_001) } }],
    ['a rule more', { spec: { ...manifest.spec, rules: [...manifest.spec.rules, {}] } }],
    ['another Gateway', { spec: { ...manifest.spec, parentRefs: [{ name: 'private' }] } }],
    ['another annotation', { metadata: { annotations: { 'sluice.dev/route': 'x' } } }],
  ])('refuses %s', (_what, change) => {
    expect(isAsApplied({ ...manifest, ...change } as FoundRoute, manifest)).toBe(false);
  });
});

it('tells whether a manager has applied a route, as opposed to edited it', () => {
  const managed = (manager: string, operation: string): FoundRoute => {
    return { metadata: { managedFields: [{ manager, operation }] } };
  };
  expect(hasApplied(managed('sluice', 'Apply'), 'sluice')).toBe(true);
  expect(hasApplied(managed('sluice', 'Update'), 'sluice')).toBe(false);
  expect(hasApplied(managed('argocd', 'Apply'), 'sluice')).toBe(false);
  expect(hasApplied({ metadata: {} }, 'sluice')).toBe(false);
});
