import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { trafficSection } from './traffic.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sluice-traffic-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const service = { project: 'shop', environment: 'production', service: 'checkout' };
const haproxy = {
  ...service,
  router: 'haproxy',
  socket: '/run/haproxy/admin.sock',
  map: '/etc/haproxy/checkout.map',
  key: 'checkout',
  stable: 'checkout_stable',
  candidate: 'checkout_candidate',
};
const nginx = {
  ...service,
  service: 'search',
  router: 'nginx',
  name: 'search',
  include: '/etc/nginx/sluice/search.conf',
  key: '$http_x_sluice_key',
  stable: { upstream: 'search_stable', health: ['http://10.0.0.1/healthz'] },
  candidate: { upstream: 'search_candidate', health: ['http://10.0.0.2/healthz'] },
  test: ['nginx', '-t'],
  reload: { pidFile: '/run/nginx.pid' },
  status: 'http://127.0.0.1/sluice/search',
  log: '/var/log/nginx/search.arms',
};

const gatewayApi = {
  ...service,
  service: 'carts',
  router: 'gateway-api',
  namespace: 'shop',
  name: 'carts',
  stable: 'carts-stable',
  candidate: 'carts-candidate',
  port: 8080,
};

const xds = { ...service, service: 'pricing', router: 'xds', listener: 'pricing.example' };

function parse(content: unknown) {
  const path = join(directory, 'traffic.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return trafficSection.safeParse({ SLUICE_TRAFFIC_FILE: path });
}

/** The problems as `path: message`, as the settings' error shows them. */
const problemsOf = (content: unknown): readonly string[] =>
  parse(content).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

it('routes nothing without a file', () => {
  expect(trafficSection.parse({})).toEqual({ routes: [] });
});

it('reads routes, with their defaults filled in', () => {
  const defaults = { capacity: 'any', afterRelease: 'swap', requestsPerKey: 1, timeoutMs: 10_000 };
  const inCluster = {
    cluster: 'https://kubernetes.default.svc',
    tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
    caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
    ...{ gateways: [], hostnames: [], path: '/', conflicts: 'report' },
  };
  expect(parse({ routes: [haproxy, nginx, gatewayApi, xds] }).data).toEqual({
    routes: [
      { ...haproxy, ...defaults },
      { ...nginx, ...defaults },
      { ...gatewayApi, ...inCluster, ...defaults },
      { ...xds, http2: true, open: false, believeOpen: false, ...defaults },
    ],
  });
});

it('names every problem at once, by its place in the file', () => {
  const problems = problemsOf({
    routes: [
      { ...haproxy, socket: 'nowhere', map: 'a map', typo: 1 },
      { ...nginx, key: 'no variable', test: [] },
    ],
  });
  for (const place of ['0.socket', '0.map', '0', '1.key', '1.test']) {
    expect(problems).toContainEqual(expect.stringContaining(`SLUICE_TRAFFIC_FILE.routes.${place}: `));
  }
});

describe('refuses', () => {
  it.each<[string, unknown, string]>([
    ['a file that is not JSON', '{', 'SLUICE_TRAFFIC_FILE: is not JSON'],
    ['a router that it does not know', { routes: [{ ...haproxy, router: 'apache' }] }, 'routes.0.router'],
    ['one service twice', { routes: [haproxy, { ...haproxy, key: 'b' }] }, 'routes.1.service: is that of another'],
    [
      'one map entry twice',
      { routes: [haproxy, { ...haproxy, service: 'another' }] },
      'routes.1.key: is that of another',
    ],
    ['one include twice', { routes: [nginx, { ...nginx, service: 'b', log: '/b' }] }, 'routes.1.include'],
    ['the same backend in both arms', { routes: [{ ...haproxy, candidate: haproxy.stable }] }, 'routes.0.candidate'],
    ['a command of the runtime API in a name', { routes: [{ ...haproxy, key: 'a;shutdown' }] }, 'routes.0.key'],
    ['one listener twice', { routes: [xds, { ...xds, service: 'b' }] }, 'routes.1.listener: is that of another'],
    ['a header as nobody sends it', { routes: [{ ...xds, bucketHeader: 'X-Bucket' }] }, 'routes.0.bucketHeader'],
    ['a binary header', { routes: [{ ...xds, versionHeader: 'version-bin' }] }, 'routes.0.versionHeader'],
    ['one HTTPRoute twice', { routes: [gatewayApi, { ...gatewayApi, service: 'b' }] }, 'routes.1.name'],
    ['one Service in both arms', { routes: [{ ...gatewayApi, candidate: 'carts-stable' }] }, 'routes.0.candidate'],
    ['a cluster without TLS', { routes: [{ ...gatewayApi, cluster: 'http://10.0.0.1' }] }, 'routes.0.cluster'],
    ['a path of the API in a name', { routes: [{ ...gatewayApi, name: '../secrets' }] }, 'routes.0.name'],
    ['a statement of nginx in a key', { routes: [{ ...nginx, key: '$a";}' }] }, 'routes.0.key'],
  ])('%s', (_what, content, problem) => {
    expect(problemsOf(content)).toContainEqual(expect.stringContaining(problem));
  });

  it('a file that is not there', () => {
    const parsed = trafficSection.safeParse({ SLUICE_TRAFFIC_FILE: join(directory, 'nothing.json') });
    expect(parsed.error?.issues[0]?.message).toContain('cannot be read: ENOENT');
  });
});
