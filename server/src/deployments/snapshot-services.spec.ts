import { expect, it } from '@jest/globals';
import { aTraffic } from '../../test/builders/a-service.js';
import { toSnapshotServices } from './snapshot-services.js';

it('tells versions and shares in order of keys, and no digests', () => {
  const candidate = { version: 'v2', digest: 'sha256:b', share: 5_000 };
  const traffic = [
    { ...aTraffic(), service: 'returns' },
    { ...aTraffic({ candidate }), service: 'checkout' },
    { ...aTraffic({ candidate: { ...candidate, share: 0 } }), service: 'a-b' },
  ];
  expect(toSnapshotServices(traffic)).toEqual([
    { key: 'a-b', stable: 'v1', candidate: { version: 'v2', share: 0 } },
    { key: 'checkout', stable: 'v1', candidate: { version: 'v2', share: 5_000 } },
    { key: 'returns', stable: 'v1' },
  ]);
});
