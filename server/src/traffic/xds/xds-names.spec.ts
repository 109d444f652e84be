import { expect, it } from '@jest/globals';
import { countedClusterName, parseCountedCluster, versionClusterName } from './xds-names.js';

it.each(['v1', '1.2.3+build', 'team@v1', 'a/b:c'])('a counted cluster of %s is read from its name', (version) => {
  const cluster = { route: 'shop/production/checkout', version, generation: 12 };
  expect(parseCountedCluster(countedClusterName(cluster))).toEqual(cluster);
  expect(parseCountedCluster(versionClusterName(cluster.route, version))).toBeUndefined();
});

it.each(['', 'outbound|80||checkout', 'a@b#', 'a@#1', '@b#1', 'a@b#1.5'])('"%s" counts nothing', (name) => {
  expect(parseCountedCluster(name)).toBeUndefined();
});
