import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HaproxyRoute } from '../../src/platform/config/traffic.js';
import { HaproxyRouter } from '../../src/traffic/haproxy-router.adapter.js';
import { freePort } from '../clients/free-port.js';
import type { RouterInUse } from '../contracts/traffic-router-contract.js';
import { eventually } from './eventually.js';
import { sendThrough, startLoopbackService } from './loopback-service.js';
import { ProxyProcess } from './proxy-process.js';

export interface HaproxyInUse extends RouterInUse {
  readonly route: HaproxyRoute;
  readonly mapText: () => string;
  restart(): Promise<void>;
}

/** A real HAProxy in front of a service, with the configuration that haproxy-router.adapter.ts asks for. */
export async function openHaproxy(program: string, changed: Partial<HaproxyRoute> = {}): Promise<HaproxyInUse> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-haproxy-'));
  const service = await startLoopbackService();
  const [port, adminPort] = [await freePort(), await freePort()];
  const mapFile = join(directory, 'checkout.map');
  writeFileSync(mapFile, 'checkout 0\n');

  const server = (name: string, target: number): string =>
    `  server ${name} 127.0.0.1:${target} check inter 50ms fall 1 rise 1`;
  const config = join(directory, 'haproxy.cfg');
  writeFileSync(
    config,
    `global
  stats socket ${directory}/admin.sock mode 600 level admin
  stats socket ipv4@127.0.0.1:${adminPort} level admin
  nbthread 2
defaults
  mode http
  timeout connect 2s
  # The servers live in the test's own process, which may be busy sending.
  timeout check 20s
  timeout client 20s
  timeout server 20s
frontend entry
  bind 127.0.0.1:${port}
  http-request set-var(txn.bucket) rand(100000)
  http-request set-var(txn.bucket) req.hdr(x-sluice-key),xxh32(7),mod(100000) if { req.hdr(x-sluice-key) -m found }
  http-request set-var(txn.share) str(checkout),map_str_int(${mapFile},0)
  use_backend checkout_candidate if { var(txn.bucket),sub(txn.share) -m int lt 0 }
  default_backend checkout_stable
backend checkout_stable
  option httpchk GET /health
${service.ports.stable.map((target, index) => server(`s${index}`, target)).join('\n')}
backend checkout_candidate
  option httpchk GET /health
${service.ports.candidate.map((target, index) => server(`c${index}`, target)).join('\n')}
backend unchecked
  server u0 127.0.0.1:${service.ports.stable[0] ?? 0}
`,
  );

  const route: HaproxyRoute = {
    ...{ project: 'shop', environment: 'production', service: 'checkout', router: 'haproxy' },
    ...{ socket: join(directory, 'admin.sock'), map: mapFile, key: 'checkout', mapFile },
    ...{ stable: 'checkout_stable', candidate: 'checkout_candidate' },
    ...{ capacity: 'any', afterRelease: 'swap', requestsPerKey: 1, timeoutMs: 5_000 },
    ...changed,
    ...(changed.socket === 'tcp' && { socket: `127.0.0.1:${adminPort}` }),
  };
  const router = new HaproxyRouter(route);
  const usual = new HaproxyRouter({ ...route, stable: 'checkout_stable', candidate: 'checkout_candidate' });
  const areAllUp = async (): Promise<boolean> => {
    const { stable, candidate } = await usual.capacity();
    return [...stable.servers, ...candidate.servers].every(({ weight }) => weight > 0);
  };
  const process = new ProxyProcess([program, '-db', '-f', config], areAllUp);
  const close = await process.open(async () => {
    await service.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    router,
    route,
    step: 1,
    send: (keys) => sendThrough(port, keys),
    setUp: async (arm, isUp) => {
      service.setHealthy(arm, isUp);
      await eventually(async () => (await router.capacity())[arm].servers.every(({ weight }) => weight > 0 === isUp));
    },
    kill: () => process.end('SIGKILL'),
    start: () => process.start(),
    restart: async () => {
      await process.end('SIGKILL');
      await process.start();
    },
    mapText: () => readFileSync(mapFile, 'utf8'),
    close,
  };
}
