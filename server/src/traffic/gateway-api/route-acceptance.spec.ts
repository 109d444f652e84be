import { expect, it } from '@jest/globals';
import type { FoundRoute, ParentRef } from './read-http-route.js';
import { acceptanceOf } from './route-acceptance.js';

type Condition = readonly [type: string, status: string, observedGeneration: number];

const publicGateway: ParentRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' };
const privateGateway: ParentRef = { ...publicGateway, name: 'private' };
const good: readonly Condition[] = [
  ['Accepted', 'True', 3],
  ['ResolvedRefs', 'True', 3],
];

function route(
  parentRefs: readonly ParentRef[],
  ...said: readonly (readonly [ParentRef, readonly Condition[]])[]
): FoundRoute {
  const parents = said.map(([parentRef, conditions]) => ({
    parentRef,
    conditions: conditions.map(([type, status, observedGeneration]) => ({ type, status, observedGeneration })),
  }));
  return { metadata: { generation: 3, namespace: 'shop' }, spec: { parentRefs }, status: { parents } };
}

it.each<[string, FoundRoute, string]>([
  ['accepts what its Gateway serves', route([publicGateway], [publicGateway, good]), 'accepted'],
  [
    'waits for word of this generation',
    route(
      [publicGateway],
      [
        publicGateway,
        [
          ['Accepted', 'True', 2],
          ['ResolvedRefs', 'True', 2],
        ],
      ],
    ),
    'waiting',
  ],
  ['waits for both conditions', route([publicGateway], [publicGateway, [['Accepted', 'True', 3]]]), 'waiting'],
  [
    'waits while a controller does not know',
    route([publicGateway], [publicGateway, [['Accepted', 'Unknown', 3]]]),
    'waiting',
  ],
  ['waits for every Gateway', route([publicGateway, privateGateway], [publicGateway, good]), 'waiting'],
  ['waits where nobody is asked', route([]), 'waiting'],
  ['waits where nobody has spoken', { metadata: { generation: 1 }, spec: { parentRefs: [publicGateway] } }, 'waiting'],
  [
    'rejects what one Gateway refuses, whatever another says',
    route([privateGateway, publicGateway], [publicGateway, [['Accepted', 'False', 3]]]),
    'rejected',
  ],
  [
    'rejects Services that are not found',
    route(
      [publicGateway],
      [
        publicGateway,
        [
          ['Accepted', 'True', 3],
          ['ResolvedRefs', 'False', 3],
        ],
      ],
    ),
    'rejected',
  ],
  [
    'forgets a refusal of an earlier generation',
    route([publicGateway], [publicGateway, [['Accepted', 'False', 2], ...good]]),
    'accepted',
  ],
  [
    'hears a Gateway that says its namespace',
    route([publicGateway], [{ ...publicGateway, namespace: 'shop' }, good]),
    'accepted',
  ],
  [
    'does not hear a Gateway of the same name in another namespace',
    route([publicGateway], [{ ...publicGateway, namespace: 'edge' }, good]),
    'waiting',
  ],
  [
    'hears a Gateway that leaves out the namespace of the route',
    route([{ ...publicGateway, namespace: 'shop' }], [publicGateway, good]),
    'accepted',
  ],
  [
    'does not hear a listener for another',
    route([{ ...publicGateway, sectionName: 'https' }], [{ ...publicGateway, sectionName: 'http' }, good]),
    'waiting',
  ],
])('%s', (_what, found, kind) => expect(acceptanceOf(found).kind).toBe(kind));
