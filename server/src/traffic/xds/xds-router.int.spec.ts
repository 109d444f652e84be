import { afterAll, beforeAll, describe, jest } from '@jest/globals';
import { describeTrafficRouter } from '../../../test/contracts/traffic-router-contract.js';
import { openXds } from '../../../test/xds/xds-in-use.js';
import { XdsWorld } from '../../../test/xds/xds-world.js';

// A client in a process of its own per test, on few cores.
jest.setTimeout(120_000);

/** More than the contract has tests: each has a service of its own. */
const SERVICES = 24;

describe('a client of gRPC that is led by xDS', () => {
  let world: XdsWorld;
  let used = 0;
  beforeAll(async () => {
    world = await XdsWorld.open({ services: SERVICES });
  });
  afterAll(() => world.close());

  describeTrafficRouter(() => openXds(world, `shop-${(used += 1) - 1}`));
});
