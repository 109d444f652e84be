import { describe } from '@jest/globals';
import { describeTrafficRouter } from '../contracts/traffic-router-contract.js';
import { FakeTrafficRouter } from './fake-traffic-router.js';

describe('FakeTrafficRouter', () =>
  describeTrafficRouter(async () => {
    const router = new FakeTrafficRouter();
    return {
      router,
      step: 1,
      // Nobody in particular: evenly spread, which is one way of chance.
      send: async (keys) =>
        keys.map((key, index) => {
          const arm = router.route(key ?? (index + 0.5) / keys.length);
          return router.isUp[arm] ? arm : 'nobody';
        }),
      setUp: async (arm, isUp) => void (router.isUp[arm] = isUp),
      kill: async () => void (router.isReachable = false),
      start: async () => void (router.isReachable = true),
      close: async () => undefined,
    };
  }));
