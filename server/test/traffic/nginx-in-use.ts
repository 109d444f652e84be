import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NginxRoute } from '../../src/platform/config/traffic.js';
import { NginxRouter } from '../../src/traffic/nginx-router.adapter.js';
import { freePort } from '../clients/free-port.js';
import type { RouterInUse } from '../contracts/traffic-router-contract.js';
import { sendThrough, startLoopbackService } from './loopback-service.js';
import { ProxyProcess } from './proxy-process.js';

export interface NginxInUse extends RouterInUse {
  readonly router: NginxRouter;
  readonly route: NginxRoute;
  readonly includeText: () => string;
  /** Adds a line to the end of nginx.conf, as an operator would. */
  readonly editConfig: (line: string) => void;
  /** The same nginx by another route. */
  readonly routedBy: (changed: Partial<NginxRoute>) => NginxRouter;
}

/** A real nginx in front of a service, with the configuration that nginx-router.adapter.ts asks for. */
export async function openNginx(program: string, changed: Partial<NginxRoute> = {}): Promise<NginxInUse> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-nginx-'));
  const service = await startLoopbackService();
  const port = await freePort();
  const path = (name: string): string => join(directory, name);
  const config = path('nginx.conf');
  const errorLog = path('error.log');
  writeFileSync(
    config,
    `daemon off;
worker_processes 2;
pid ${path('nginx.pid')};
error_log ${errorLog} warn;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${path('body')};
  proxy_temp_path ${path('proxy')};
  fastcgi_temp_path ${path('fastcgi')};
  uwsgi_temp_path ${path('uwsgi')};
  scgi_temp_path ${path('scgi')};
  map $http_x_sluice_key $sluice_key { "" $request_id; default $http_x_sluice_key; }
  upstream checkout_stable { ${service.ports.stable.map((each) => `server 127.0.0.1:${each} max_fails=0;`).join(' ')} keepalive 32; }
  upstream checkout_candidate { ${service.ports.candidate.map((each) => `server 127.0.0.1:${each} max_fails=0;`).join(' ')} keepalive 32; }
  include ${path('checkout.conf')};
  server {
    listen 127.0.0.1:${port} backlog=1024;
    location / {
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass http://$sluice_checkout;
      access_log ${path('checkout.arms')} sluice_checkout if=$upstream_addr;
    }
    location = /sluice/checkout { allow 127.0.0.1; deny all; return 200 $sluice_checkout_state; }
  }
}
`,
  );
  const healthOf = (each: number): string => `http://127.0.0.1:${each}/health`;
  const command = [program, '-c', config, '-e', errorLog] as const;
  const route: NginxRoute = {
    ...{ project: 'shop', environment: 'production', service: 'checkout', router: 'nginx' },
    ...{ name: 'checkout', include: path('checkout.conf'), key: '$sluice_key' },
    stable: { upstream: 'checkout_stable', health: service.ports.stable.map(healthOf) },
    candidate: { upstream: 'checkout_candidate', health: service.ports.candidate.map(healthOf) },
    ...{ test: [...command, '-t'], reload: [...command, '-s', 'reload'] },
    ...{ status: `http://127.0.0.1:${port}/sluice/checkout`, log: path('checkout.arms') },
    ...{ capacity: 'any', afterRelease: 'swap', requestsPerKey: 1, timeoutMs: 10_000 },
    ...changed,
    ...(changed.reload && 'pidFile' in changed.reload && { reload: { pidFile: path('nginx.pid') } }),
  };
  const router = new NginxRouter(route);
  await router.writeFirst();
  const process = new ProxyProcess([...command], async () => (await router.asked()) !== undefined);
  const close = await process.open(async () => {
    await service.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    router,
    route,
    step: 10,
    send: (keys) => sendThrough(port, keys),
    setUp: async (arm, isUp) => service.setHealthy(arm, isUp),
    kill: () => process.end('SIGTERM'),
    start: () => process.start(),
    includeText: () => readFileSync(route.include, 'utf8'),
    editConfig: (line) => writeFileSync(config, `${readFileSync(config, 'utf8')}${line}\n`),
    routedBy: (other) => new NginxRouter({ ...route, ...other }),
    close,
  };
}
