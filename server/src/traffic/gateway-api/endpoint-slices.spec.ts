import { expect, it } from '@jest/globals';
import { type Endpoint, endpointsOf } from './endpoint-slices.js';

const pod = (name: string, more: Partial<Endpoint> = {}): Endpoint => {
  return { addresses: ['10.0.0.1'], targetRef: { name, uid: `uid-${name}` }, ...more };
};
const up = (name: string): object => ({ name, weight: 1, fullWeight: 1, says: 'ready' });
const down = (name: string): object => ({ name, weight: 0, fullWeight: 1, says: 'not ready' });

it.each<[string, readonly (readonly Endpoint[] | null)[], readonly object[]]>([
  ['no slice', [], []],
  ['a slice without endpoints', [null], []],
  [
    'pods that are ready and not',
    [[pod('a', { conditions: { ready: true } }), pod('b', { conditions: { ready: false } })]],
    [up('a'), down('b')],
  ],
  [
    'one whose readiness is not known, as ready',
    [[pod('a', { conditions: { ready: null } }), pod('b')]],
    [up('a'), up('b')],
  ],
  ['no pod that ends', [[pod('a', { conditions: { ready: false, terminating: true } }), pod('b')]], [up('b')]],
  ['one pod of two address families once', [[pod('a')], [pod('a', { addresses: ['fd00::1'] })]], [up('a')]],
  ['one that is ready in one slice, as ready', [[pod('a', { conditions: { ready: false } })], [pod('a')]], [up('a')]],
  [
    'endpoints that are no pods, by their addresses',
    [[{ addresses: ['10.0.0.7'] }, { addresses: ['10.0.0.8'] }]],
    [up('10.0.0.7'), up('10.0.0.8')],
  ],
])('reads %s', (_what, slices, servers) => {
  expect(endpointsOf({ items: slices.map((endpoints) => ({ endpoints })) })).toEqual(servers);
});
