import type { GatewayApiRoute } from '../../../src/platform/config/traffic.js';
import type { Endpoint } from '../../../src/traffic/gateway-api/endpoint-slices.js';
import { GatewayApiRouter } from '../../../src/traffic/gateway-api/gateway-api-router.adapter.js';
import type { Arm } from '../../../src/traffic/traffic-router.js';
import type { Answer, RouterInUse } from '../../contracts/traffic-router-contract.js';
import { KubernetesServer } from './kubernetes-server.js';
import { type Condition, TestGateway } from './test-gateway.js';

export interface GatewayInUse extends RouterInUse {
  readonly router: GatewayApiRouter;
  readonly route: GatewayApiRoute;
  readonly cluster: KubernetesServer;
  readonly gateway: TestGateway;
  /** What the Gateway does with one request. */
  readonly answer: (headers?: Readonly<Record<string, string>>) => Answer;
  readonly routedBy: (changed: Partial<GatewayApiRoute>) => GatewayApiRouter;
}

/** What a Gateway's controller says that serves a route. */
export const ACCEPTED: readonly Condition[] = [
  { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' },
  { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: '' },
];

/**
 * An API server and a Gateway in front of two Services, whose HTTPRoute Sluice has applied with nothing for the candidate;
 * `isNew`: that has no HTTPRoute yet.
 */
export async function openGateway({ isNew = false } = {}): Promise<GatewayInUse> {
  const cluster = new KubernetesServer();
  const gateway = new TestGateway(cluster, 'checkout', ACCEPTED);
  cluster.slices.set('checkout-stable', [aPod('s0', true), aPod('s1', true)]);
  cluster.slices.set('checkout-candidate', [aPod('c0', true)]);
  await cluster.start();
  const route: GatewayApiRoute = {
    ...{ project: 'shop', environment: 'production', service: 'checkout', router: 'gateway-api' },
    ...cluster.settings,
    ...{ namespace: 'shop', name: 'checkout', stable: 'checkout-stable', candidate: 'checkout-candidate', port: 8080 },
    ...{ gateways: [{ name: 'public' }], hostnames: [], path: '/', armHeader: 'x-sluice-arm', conflicts: 'report' },
    ...{ capacity: 'any', afterRelease: 'swap', requestsPerKey: 1, timeoutMs: 5_000 },
  };
  const router = new GatewayApiRouter(route);
  if (!isNew) await router.shift(0);
  const isUp: Record<Arm, boolean> = { stable: true, candidate: true };
  const answer: GatewayInUse['answer'] = (headers = {}) => {
    const service = gateway.serviceFor(headers);
    const arm = (['stable', 'candidate'] as const).find((each) => route[each] === service);
    return arm !== undefined && isUp[arm] ? arm : 'nobody';
  };
  return {
    router,
    route,
    cluster,
    gateway,
    answer,
    routedBy: (other) => new GatewayApiRouter({ ...route, ...other }),
    step: 1,
    send: (keys) => Promise.resolve(keys.map(() => answer())),
    setUp: (arm, up) => {
      isUp[arm] = up;
      const pods = (cluster.slices.get(route[arm]) ?? []).map(({ targetRef }) => aPod(targetRef?.name ?? '', up));
      cluster.slices.set(route[arm], pods);
      return Promise.resolve();
    },
    kill: () => cluster.stop(),
    start: () => cluster.start(),
    close: () => cluster.close(),
  };
}

function aPod(name: string, ready: boolean): Endpoint {
  const targetRef = { kind: 'Pod', name, namespace: 'shop', uid: `uid-of-${name}` };
  return { addresses: ['10.0.0.1'], conditions: { ready, terminating: false }, targetRef };
}
