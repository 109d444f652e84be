import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '../../src/platform/grpc/generated/grpc/health/v1/health_pb.js';
import { bufCurl } from '../clients/buf-curl.js';
import { ControlPlane } from '../clients/control-plane.js';
import { GrpcClient } from '../clients/grpc-client.js';
import { selfSigned } from '../clients/self-signed.js';
import { startTestServer, type TestServer } from './start-test-server.js';

describe('the gRPC port', () => {
  let server: TestServer;
  let health: GrpcClient<typeof Health>;

  beforeAll(async () => {
    server = await startTestServer();
    health = new GrpcClient(Health, server.grpcAddress);
  });
  afterAll(async () => {
    health.close();
    await server.close();
  });

  it('tells the health of the server and of each service', async () => {
    expect(await health.ask('check', {})).toMatchObject({ status: Status.SERVING });
    expect(await health.ask('check', { service: 'grpc.health.v1.Health' })).toMatchObject({ status: Status.SERVING });
    const { statuses } = await health.ask('list', {});
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['', 'grpc.health.v1.Health']));
  });

  it('does not know the health of what it does not serve', async () => {
    await expect(health.ask('check', { service: 'shop.Cart' })).rejects.toMatchObject({
      code: status.NOT_FOUND,
      details: 'There is no service "shop.Cart" here; list them by reflection.',
    });
    const watched = health.follow('watch', { service: 'shop.Cart' });
    expect(await watched.next()).toMatchObject({ status: Status.SERVICE_UNKNOWN });
    watched.call.cancel();
  });

  it('describes its services by reflection to clients that know nothing of them', async () => {
    const url = `http://${server.grpcAddress}`;
    expect((await bufCurl('--list-services', url)).split('\n')).toContain('grpc.health.v1.Health');
    expect(JSON.parse(await bufCurl(`${url}/grpc.health.v1.Health/Check`))).toEqual({ status: 'SERVING' });
  });
});

it('a server that shuts down says so to who watches its health, and to who streams', async () => {
  const server = await startTestServer();
  const health = new GrpcClient(Health, server.grpcAddress);
  const watched = health.follow('watch', {});
  expect(await watched.next()).toMatchObject({ status: Status.SERVING });
  const closing = server.close();
  expect(await watched.next()).toMatchObject({ status: Status.NOT_SERVING });
  expect(await watched.ended()).toBe(status.UNAVAILABLE);
  await closing;
  health.close();
});

it('a server that is drained serves on, ends its streams and sends clients away', async () => {
  const { server } = await ControlPlane.start({ SLUICE_SHUTDOWN_LEAD_SECONDS: '3' });
  const health = new GrpcClient(Health, server.grpcAddress);
  const watched = health.follow('watch', {});
  expect(await watched.next()).toMatchObject({ status: Status.SERVING });
  const drained = server.drain();
  expect(await watched.next()).toMatchObject({ status: Status.NOT_SERVING });
  expect(await watched.ended()).toBe(status.UNAVAILABLE);
  await drained;
  expect(await health.ask('check', {})).toMatchObject({ status: Status.NOT_SERVING });
  health.close();
  await server.close();
});

it('a port that is taken is named in words, and nothing goes on running', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo; // it listens on TCP
  await expect(startTestServer({ SLUICE_GRPC_PORT: String(port) })).rejects.toThrow(
    `SLUICE_GRPC_HOST 127.0.0.1 and SLUICE_GRPC_PORT ${port} cannot be used.`,
  );
  other.close();
});

describe('TLS on the gRPC port', () => {
  const { cert, key } = selfSigned();
  let folder: string;
  const path = (name: string): string => join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-tls-'));
    await Promise.all([writeFile(path('cert.pem'), cert), writeFile(path('key.pem'), key)]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is spoken with the certificate in the settings', async () => {
    const server = await startTestServer({
      SLUICE_GRPC_TLS_CERT: path('cert.pem'),
      SLUICE_GRPC_TLS_KEY: path('key.pem'),
    });
    const trust = credentials.createSsl(Buffer.from(cert));
    const trusting = new GrpcClient(Health, server.grpcAddress, {}, trust);
    expect(await trusting.ask('check', {})).toMatchObject({ status: Status.SERVING });
    const plain = new GrpcClient(Health, server.grpcAddress);
    await expect(plain.ask('check', {})).rejects.toMatchObject({ code: status.UNAVAILABLE });
    trusting.close();
    plain.close();
    await server.close();
  });

  it.each<[string, string, string, string]>([
    ['a file that is not there', 'nowhere.pem', 'key.pem', 'SLUICE_GRPC_TLS_CERT: cannot be read'],
    [
      'a key that is none',
      'cert.pem',
      'cert.pem',
      'SLUICE_GRPC_TLS_CERT: must be a certificate in PEM, and SLUICE_GRPC_TLS_KEY its private key',
    ],
  ])('is refused at the start with %s', async (_name, certFile, keyFile, sentence) => {
    const settings = { SLUICE_GRPC_TLS_CERT: path(certFile), SLUICE_GRPC_TLS_KEY: path(keyFile) };
    await expect(startTestServer(settings)).rejects.toThrow(sentence);
  });
});
