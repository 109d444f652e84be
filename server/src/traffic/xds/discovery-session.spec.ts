import { beforeEach, describe, expect, it } from '@jest/globals';
import { DiscoverySession } from './discovery-session.js';
import { CLUSTER, ENDPOINTS, LISTENER, type ResourceType, ROUTES } from './xds-names.js';
import type { RouteSnapshot } from './xds-snapshot.js';

/** Checkout as it is told with a share, by letters that stand for content. */
function aSnapshot(route = 'r1', { endpoints = 'e1', version = 1 } = {}): RouteSnapshot {
  const resource = (type: ResourceType, name: string, digest: string) => ({
    type,
    name,
    digest,
    value: new TextEncoder().encode(digest),
  });
  return {
    route: 'checkout',
    version,
    resources: [
      resource(CLUSTER, 'v1#1', 'c1'),
      resource(CLUSTER, 'v2#1', 'c2'),
      resource(ENDPOINTS, 'v1', endpoints),
      resource(ENDPOINTS, 'v2', 'e2'),
      resource(LISTENER, 'checkout.example', 'l1'),
      resource(ROUTES, 'checkout', route),
    ],
    needs: [
      { type: CLUSTER, name: 'v1#1' },
      { type: ENDPOINTS, name: 'v1' },
      { type: ROUTES, name: 'checkout', digest: route },
    ],
  };
}

let session: DiscoverySession;
let catalog: readonly RouteSnapshot[];
beforeEach(() => {
  session = new DiscoverySession();
  catalog = [aSnapshot()];
});

const ask = (type: string, names: readonly string[], responseNonce = '', refusal?: string) =>
  session.take({ typeUrl: type, resourceNames: names, responseNonce, refusal });
/** What is told now: the type's last word, the names and the nonce. */
const told = () =>
  session
    .answers(catalog)
    .map(({ type, resources, nonce }) => [type, resources.map(({ name }) => name).join(' '), nonce] as const);

describe('a stream of discovery', () => {
  it('answers what is asked for, once, and not when it is taken', () => {
    ask(LISTENER, ['checkout.example']);
    expect(told()).toEqual([[LISTENER, 'checkout.example', '1']]);
    expect(told()).toEqual([]);
    ask(LISTENER, ['checkout.example'], '1');
    expect(told()).toEqual([]);
  });

  it('answers a growing list of names with all of them, also beside what it takes', () => {
    ask(CLUSTER, ['v1#1']);
    expect(told()).toEqual([[CLUSTER, 'v1#1', '1']]);
    ask(CLUSTER, ['v1#1', 'v2#1'], '1');
    expect(told()).toEqual([[CLUSTER, 'v1#1 v2#1', '2']]);
  });

  it('tells what has changed, to those who asked for it', () => {
    ask(ROUTES, ['checkout']);
    ask(ENDPOINTS, ['v2']);
    expect(told()).toHaveLength(2);
    catalog = [aSnapshot('r1', { endpoints: 'e9' })];
    expect(told()).toEqual([]);
    catalog = [aSnapshot('r2')];
    expect(told()).toEqual([[ROUTES, 'checkout', '3']]);
  });

  it('does not hear what is said of an answer before the last one', () => {
    ask(ROUTES, ['checkout']);
    told();
    catalog = [aSnapshot('r2')];
    expect(told()).toEqual([[ROUTES, 'checkout', '2']]);
    ask(ROUTES, ['checkout'], '1', 'no such cluster');
    expect(session.complaints()).toEqual([]);
    expect(ask(ROUTES, ['checkout'], '2', 'no such cluster')).toEqual({ type: ROUTES, sentence: 'no such cluster' });
    expect(session.complaints()).toEqual([{ type: ROUTES, sentence: 'no such cluster' }]);
  });

  it('does not say again what was refused, until it is something else', () => {
    ask(ROUTES, ['checkout']);
    told();
    ask(ROUTES, ['checkout'], '1', 'no');
    expect(told()).toEqual([]);
    catalog = [aSnapshot('r2')];
    expect(told()).toEqual([[ROUTES, 'checkout', '2']]);
    ask(ROUTES, ['checkout'], '2');
    expect(session.complaints()).toEqual([]);
  });

  it('is silent of routes and endpoints that there are not, and says that there is no such listener', () => {
    ask(ROUTES, ['nothing']);
    ask(ENDPOINTS, ['nothing']);
    ask(LISTENER, ['nothing']);
    ask('type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret', ['nothing']);
    expect(told()).toEqual([[LISTENER, '', '1']]);
  });

  it.each([[[]], [['*']]])('tells all clusters to who asks for %j', (names) => {
    ask(CLUSTER, names);
    expect(told()).toEqual([[CLUSTER, 'v1#1 v2#1', '1']]);
  });

  it('tells nothing more to who has asked for names and wants none now', () => {
    ask(CLUSTER, ['v1#1']);
    told();
    ask(CLUSTER, [], '1');
    expect(told()).toEqual([[CLUSTER, '', '2']]);
  });

  it('tells a proxy of the route once it has what this leads to', () => {
    ask(CLUSTER, []);
    ask(ROUTES, ['checkout']);
    expect(told()).toEqual([[CLUSTER, 'v1#1 v2#1', '1']]);
    ask(CLUSTER, [], '1');
    ask(ENDPOINTS, ['v1', 'v2']);
    expect(told()).toEqual([[ENDPOINTS, 'v1 v2', '2']]);
    ask(ENDPOINTS, ['v1', 'v2'], '2');
    expect(told()).toEqual([[ROUTES, 'checkout', '3']]);
  });
});

describe('a client', () => {
  it('does as the route says once it took all that this leads to', () => {
    const steps: readonly (readonly [ResourceType, string])[] = [
      [LISTENER, 'checkout.example'],
      [ROUTES, 'checkout'],
      [CLUSTER, 'v1#1'],
      [ENDPOINTS, 'v1'],
    ];
    expect(session.watches(aSnapshot())).toBe(false);
    steps.forEach(([type, name], index) => {
      ask(type, [name]);
      told();
      expect([session.watches(aSnapshot()), session.has(aSnapshot())]).toEqual([true, false]);
      ask(type, [name], String(index + 1));
    });
    expect(session.has(aSnapshot())).toBe(true);
    expect(session.has(aSnapshot('r1', { endpoints: 'e9' }))).toBe(true); // where instances are is no share
    expect(session.has(aSnapshot('r2'))).toBe(false);
  });

  it('does not, while it refuses the route', () => {
    for (const [type, name] of [
      [CLUSTER, 'v1#1'],
      [ENDPOINTS, 'v1'],
      [ROUTES, 'checkout'],
    ] as const) {
      ask(type, [name]);
      const [answer] = session.answers(catalog);
      ask(type, [name], answer?.nonce, type === ROUTES ? 'no' : undefined);
    }
    expect(session.has(aSnapshot())).toBe(false);
  });
});
