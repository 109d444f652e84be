import { expect, it } from '@jest/globals';
import { isGraphqlUpgrade } from './is-graphql-upgrade.js';

it.each<[string, string | undefined, boolean]>([
  ['/graphql', 'websocket', true],
  ['/graphql?x=1', 'WebSocket', true],
  ['/graphql/', 'websocket', true],
  ['/graphql', undefined, false],
  ['/graphql', 'h2c', false],
  ['/graphqlx', 'websocket', false],
  ['/api/v1/projects', 'websocket', false],
])('A request for %s that would upgrade to %s asks for a socket of GraphQL: %s', (url, upgrade, isOne) => {
  expect(isGraphqlUpgrade({ url, headers: { upgrade } })).toBe(isOne);
});
