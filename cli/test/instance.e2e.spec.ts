import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestServer, type TestServer } from '../../server/test/e2e/start-test-server.js';
import { runSluice } from './run-sluice.js';
import type { Ended } from './spawn-sluice.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.api('POST', '/api/v1/projects', { key: 'shop', environments: [{ key: 'production' }] });
  await server.api('POST', '/api/v1/projects/shop/services', { key: 'checkout' });
});
afterAll(() => server.close());

const run = (line: string): Promise<Ended> =>
  runSluice(line.split(' '), { SLUICE_URL: server.url, SLUICE_TOKEN: server.adminToken, SLUICE_PROJECT: 'shop' });

describe('sluice instance', () => {
  it('registers where an instance listens, lists it, and takes it out', async () => {
    const place = '--address 10.0.0.7 --port 50051';
    const registered = await run(`instance register checkout v2 production pod-7 ${place} --weight 3 --lease 600`);
    expect(registered).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^Registered pod-7: v2 at 10.0.0.7:50051/u),
    });
    const listed = await run('instance list checkout production --json');
    expect(JSON.parse(listed.out)).toMatchObject({ items: [{ id: 'pod-7', version: 'v2', weight: 3 }] });
    const leave = 'instance leave checkout production pod-7';
    expect(await run(leave)).toMatchObject({ exitCode: 0, out: 'Nobody is sent to pod-7 any more.\n' });
    expect(await run(leave)).toMatchObject({ exitCode: 0 });
    expect(await run('instance list checkout production')).toMatchObject({ exitCode: 0, out: 'No instances.\n' });
  });

  it.each([
    ['a name where an address belongs', 'checkout', 'checkout.local', 'must be an IP address'],
    ['a service that there is not', 'basket', '10.0.0.7', 'The project has no service "basket"'],
  ])('is told of %s', async (_name, service, address, said) => {
    const ended = await run(`instance register ${service} v2 production pod-7 --address ${address} --port 50051`);
    expect(ended.exitCode).not.toBe(0);
    expect(ended.err).toContain(said);
  });
});
