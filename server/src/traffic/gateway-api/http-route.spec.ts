import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { objectionsToRoute, withDefaults } from '../../../test/traffic/kubernetes/http-route-schema.js';
import { FULL_SHARE } from '../../kernel/share.js';
import { type HttpRouteShape, httpRouteOf } from './http-route.js';

const checkout: HttpRouteShape = {
  namespace: 'shop',
  name: 'checkout',
  stable: 'checkout-stable',
  candidate: 'checkout-candidate',
  port: 8080,
  gateways: [{ name: 'public', namespace: 'edge', sectionName: 'https' }],
  hostnames: ['shop.example'],
  path: '/checkout',
  armHeader: 'x-sluice-arm',
};
const plain: HttpRouteShape = { ...checkout, gateways: [], hostnames: [], path: '/', armHeader: undefined };

it('gives both Services their part of 100 000, and testers the arm they name', () => {
  const { spec } = httpRouteOf(checkout, 12_345, 'shop/production/checkout');
  const service = { group: '', kind: 'Service', port: 8080 };
  const path = { type: 'PathPrefix', value: '/checkout' };
  const asking = (value: string): object => ({ path, headers: [{ type: 'Exact', name: 'x-sluice-arm', value }] });
  expect(spec.rules).toEqual([
    { matches: [asking('candidate')], backendRefs: [{ ...service, name: 'checkout-candidate', weight: 1 }] },
    { matches: [asking('stable')], backendRefs: [{ ...service, name: 'checkout-stable', weight: 1 }] },
    {
      matches: [{ path }],
      backendRefs: [
        { ...service, name: 'checkout-stable', weight: 87_655 },
        { ...service, name: 'checkout-candidate', weight: 12_345 },
      ],
    },
  ]);
});

describe('is an HTTPRoute by the schema of Gateway API v1', () => {
  it.each([
    ['with everything', checkout],
    ['with nothing that can be left out', plain],
  ])('%s, at every share; the API fills in nothing', (_what, shape) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: FULL_SHARE }), (share) => {
        const manifest = httpRouteOf(shape, share, 'shop/production/checkout');
        expect(objectionsToRoute(manifest)).toEqual([]);
        expect(withDefaults(manifest)).toEqual(manifest);
      }),
      { numRuns: 50, seed: 20261121 },
    );
  });

  it('which refuses a weight, a header and a field that it does not know', () => {
    const text = JSON.stringify(httpRouteOf(checkout, 1, 'shop/production/checkout'));
    for (const [from, to] of [
      ['"weight":99999', '"weight":1000001'],
      ['"name":"x-sluice-arm"', '"name":"a header"'],
      ['"port":8080', '"ports":8080'],
    ] as const) {
      expect(text).toContain(from);
      expect(objectionsToRoute(JSON.parse(text.replace(from, to)))).not.toEqual([]);
    }
  });
});
