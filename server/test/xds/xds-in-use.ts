import type { XdsRoute } from '../../src/platform/config/traffic.js';
import { TrafficConfig } from '../../src/platform/config/traffic.js';
import type { Arm } from '../../src/traffic/traffic-router.js';
import { XdsRouter } from '../../src/traffic/xds/xds-router.adapter.js';
import { XdsStates } from '../../src/traffic/xds/xds-states.service.js';
import type { Answer, RouterInUse } from '../contracts/traffic-router-contract.js';
import { eventually } from '../traffic/eventually.js';
import type { GrpcInstance } from './grpc-instance.js';
import { headersOf, type XdsWorld } from './xds-world.js';

const ARM_OF: Readonly<Record<string, Arm>> = { v1: 'stable', v2: 'candidate' };

/** The route of a service of a world, as the server read it. */
export function routeOf(world: XdsWorld, service: string): XdsRoute {
  const routes = world.server.app.get(TrafficConfig).routes;
  const route = routes.find((each) => each.service === service);
  if (route?.router !== 'xds') throw new Error(`The world has no ${service}.`);
  return route;
}

/**
 * A client of gRPC that is led by xDS to three instances that registered themselves. Its service was never reported as
 * installed, so that no release, and nobody who follows one, moves it.
 */
export async function openXds(world: XdsWorld, service: string): Promise<RouterInUse> {
  const route = routeOf(world, service);
  const states = world.server.app.get(XdsStates);
  const router = new XdsRouter(route, states);
  const arms = { stable: 'v1', candidate: 'v2' };
  await states.save(route, { arms, home: 'stable', share: 0, version: 0 });

  const instances: readonly (readonly [string, Arm, GrpcInstance])[] = [
    ['s0', 'stable', await world.startInstance('v1')],
    ['s1', 'stable', await world.startInstance('v1')],
    ['c0', 'candidate', await world.startInstance('v2')],
  ];
  for (const [id, , instance] of instances) await world.register(service, id, instance);

  let client = await world.dial(service);
  const isRouted = async (): Promise<boolean> => (await router.asked().catch(() => undefined)) !== undefined;
  /** A client of gRPC asks nothing before it has a request to send. */
  const wake = async (): Promise<void> => {
    await client.send([{}]);
    await eventually(isRouted);
  };
  await wake();
  return {
    router,
    step: 1,
    send: async (keys) => {
      const answers = await client.send(keys.map((key) => headersOf(service, key)));
      return answers.map((version): Answer => ARM_OF[version] ?? 'nobody');
    },
    setUp: async (arm, isUp) => {
      for (const [id, of, instance] of instances) {
        if (of === arm) await world.register(service, id, instance, isUp);
      }
      await eventually(async () => (await router.capacity())[arm].servers.every(({ weight }) => weight > 0 === isUp));
    },
    kill: async () => {
      await client.kill();
      await eventually(() =>
        router.asked().then(
          () => false,
          () => true,
        ),
      );
    },
    start: async () => {
      client = await world.dial(service);
      await wake();
    },
    close: () => client.kill(),
  };
}
