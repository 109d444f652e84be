import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SluiceClient } from '../src/sluice-client.js';
import { sluiceFetch, type SluiceFetchOptions } from '../src/fetch/sluice-fetch.js';
import { aSnapshot } from './builders.js';
import { Clients } from './clients.js';
import { FakeControlPlane } from './fake-control-plane.js';
import { FakeRuntime, until } from './fake-runtime.js';
import { measured, ROLLOUT } from './measured.js';

let plane: FakeControlPlane;
let clients: Clients;
let sluice: SluiceClient;
let servers: Server[];
let urls: { v1: string; v2: string };
let heard: { version: string; path: string; routing: string | undefined }[];
/** Somebody of the stable and somebody of the candidate version. */
let users: { v1: { targetingKey: string }; v2: { targetingKey: string } };

async function listen(version: string): Promise<string> {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    heard.push({ version, path: request.url ?? '', routing: request.headers['sluice-version']?.toString() });
    if (request.url?.endsWith('/hang')) return;
    if (request.url?.endsWith('/cut')) return void request.socket.destroy();
    response.statusCode = request.url?.endsWith('/fail') ? 502 : request.url?.endsWith('/missing') ? 404 : 200;
    response.end(version);
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  // It listens, so it has an address with a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`;
}

beforeEach(async () => {
  servers = [];
  heard = [];
  urls = { v1: await listen('v1'), v2: await listen('v2') };
  const services = [
    { key: 'checkout', stable: 'v1', candidate: { version: 'v2', share: 50_000 } },
    { key: 'cart', stable: 'v7' },
  ];
  const ramps = [{ rollout: ROLLOUT, subject: 'service/checkout', stable: 'v1', candidate: 'v2', share: 50_000 }];
  plane = await new FakeControlPlane(aSnapshot({ services, ramps })).start();
  clients = new Clients(plane.url, new FakeRuntime());
  sluice = await clients.open();
  const find = (version: string) => {
    const all = Array.from({ length: 100 }, (_, i) => ({ targetingKey: `user-${i}` }));
    return all.find((each) => sluice.version('checkout', each).version === version) ?? { targetingKey: '' };
  };
  users = { v1: find('v1'), v2: find('v2') };
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await clients.closeAll();
  await plane.stop();
});

const checkout = (more: Partial<SluiceFetchOptions> = {}) =>
  // Each test gives either addresses or a function.
  sluiceFetch(sluice, { service: 'checkout', urls, ...more } as SluiceFetchOptions);
const told = async () => {
  await sluice.flush();
  return measured(plane);
};

it('calls the version chosen for the current unit, tells it, and credits the service’s arms', async () => {
  const call = checkout();
  for (const user of [users.v1, users.v2, users.v2]) {
    await sluice.unit(user).run(async () => {
      sluice.version('cart', user);
      const response = await call('/orders?all=1', { headers: { accept: 'text/plain' } });
      expect(await response.text()).toBe(user === users.v1 ? 'v1' : 'v2');
    });
  }
  expect(heard).toEqual(
    ['v1', 'v2', 'v2'].map((version) => {
      return { version, path: '/base/orders?all=1', routing: `cart=v7,checkout=${version}` };
    }),
  );
  expect(await told()).toEqual({
    'ordinary all stable unit': '3/0',
    'ordinary service/cart stable unit': '3/0',
    'ramp service/checkout stable unit': '1/0',
    'ramp service/checkout stable checkout.request': '1/0',
    'ramp service/checkout candidate unit': '2/0',
    'ramp service/checkout candidate checkout.request': '2/0',
  });
});

it.each<[string, string, string]>([
  ['an answer of 5xx', '/fail', '1/1'],
  ['an answer of 4xx', '/missing', '1/0'],
  ['a connection that breaks', '/cut', '1/1'],
  ['no answer in time', '/hang', '1/1'],
])('takes %s for what it is, and for no failure of the unit', async (_name, path, expected) => {
  const unit = sluice.unit(users.v2);
  await unit.within(() => checkout({ timeoutMs: 300 })(path).catch(() => undefined));
  unit.end();
  expect(await told()).toMatchObject({
    'ramp service/checkout candidate checkout.request': expected,
    'ramp service/checkout candidate unit': '1/0',
  });
});

it('takes a call that its caller aborts for no failure', async () => {
  const abort = new AbortController();
  const unit = sluice.unit(users.v2);
  const call = unit.within(() => checkout({ timeoutMs: 60_000 })('/hang', { signal: abort.signal }));
  const refused = expect(call).rejects.toThrow('changed my mind');
  await until(() => heard.length === 1);
  abort.abort(new Error('changed my mind'));
  await refused;
  unit.end();
  expect(await told()).toMatchObject({ 'ramp service/checkout candidate checkout.request': '1/0' });
});

it('has a unit of its own outside of any, for the context it is given', async () => {
  await checkout({ context: () => users.v2 })('/');
  await checkout()('/');
  expect(heard.map(({ version }) => version)).toEqual(['v2', 'v1']);
  expect(await told()).toEqual({
    'ordinary all stable unit': '2/0',
    'ramp service/checkout candidate unit': '1/0',
    'ramp service/checkout candidate checkout.request': '1/0',
  });
});

it('calls the first address while nothing is known, and for versions that it has no address of', async () => {
  const call = checkout({ urls: { v1: urls.v1, v0: urls.v2 } });
  await sluice.unit(users.v2).run(() => call('/'));
  plane.patch({ services: [], ramps: [] });
  await until(() => sluice.revision === 8);
  await sluice.unit(users.v2).run(() => call('/'));
  expect(heard.map(({ version, routing }) => `${version} ${routing ?? '-'}`)).toEqual(['v1 -', 'v1 -']);
  expect(await told()).toEqual({ 'ordinary all stable unit': '2/0' });
});

it('asks for the address of a version', async () => {
  const asked: (string | undefined)[] = [];
  const resolve = (version: string | undefined) => {
    asked.push(version);
    return new URL(urls.v2);
  };
  await sluice.unit(users.v2).run(() => sluiceFetch(sluice, { service: 'checkout', resolve })('/orders'));
  expect(asked).toEqual(['v2']);
  expect(heard).toMatchObject([{ version: 'v2', path: '/base/orders' }]);
});

it.each(['https://elsewhere.example.com/', 'orders', '@elsewhere.example.com/'])('does not call %s', async (path) => {
  await expect(checkout()(path)).rejects.toThrow(/does not begin with a slash/);
  expect(heard).toEqual([]);
});

it('stays with the host of the base address', async () => {
  await checkout()('//elsewhere.example.com/x');
  expect(heard).toMatchObject([{ path: '/base//elsewhere.example.com/x' }]);
});
