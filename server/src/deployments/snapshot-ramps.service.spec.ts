import { expect, it } from '@jest/globals';
import type { SnapshotRamp } from '@sluice/sdk/evaluation';
import { FakeTransactions } from '../../test/fakes/fake-transactions.js';
import { SnapshotRamps } from './snapshot-ramps.service.js';

const ramp = (subject: string, rollout = 'r1'): SnapshotRamp => ({
  rollout,
  subject,
  stable: 'a',
  candidate: 'b',
  share: 1,
});

it('gathers the ramps of an environment from all who have any, in one order', async () => {
  const ramps = new SnapshotRamps();
  ramps.register((_tx, environment) => Promise.resolve(environment === 'e1' ? [ramp('flag/z'), ramp('flag/a')] : []));
  ramps.register(() => Promise.resolve([ramp('service/s'), ramp('flag/a', 'r0')]));
  const of = (environment: string) => new FakeTransactions().read((tx) => ramps.of(tx, environment));
  expect(await of('e1')).toEqual([ramp('flag/a', 'r0'), ramp('flag/a'), ramp('flag/z'), ramp('service/s')]);
  expect(await of('e2')).toEqual([ramp('flag/a', 'r0'), ramp('service/s')]);
});
