import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../run-command.ts';
import { freePort, makeDirectory, removeDirectory, startLocalProcess } from '../services/local-process.ts';
import type { Service } from '../services/service.ts';
import { fillTemplate } from './fill-template.ts';
import type { Replica } from './replica.ts';

/** nginx in front of all replicas. */
export interface Balancer extends Pick<Service, 'stop'> {
  /** Where it takes HTTP, as a URL, and gRPC, as `host:port`. */
  readonly url: string;
  readonly grpc: string;
}

const template = join(repository, 'examples/topology/nginx.conf.template');

/** Starts nginx with the configuration that docker-compose.yml gives it, on free ports of the loopback interface. */
export async function startBalancer(program: string, replicas: readonly Replica[]): Promise<Balancer> {
  const directory = makeDirectory('nginx', undefined);
  const path = (name: string): string => join(directory, name);
  const [http, grpc] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const serversOf = (addresses: readonly string[]): string =>
    addresses.map((each) => `server ${each} max_fails=1 fail_timeout=2s;`).join(' ');
  const servers = fillTemplate(readFileSync(template, 'utf8'), {
    SLUICE_RESOLVER: '# Addresses need no resolver.',
    SLUICE_HTTP_SERVERS: serversOf(replicas.map((each) => each.http)),
    SLUICE_GRPC_SERVERS: serversOf(replicas.map((each) => each.grpc)),
    SLUICE_HTTP_LISTEN: http,
    SLUICE_GRPC_LISTEN: grpc,
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${path(name)};`,
  );
  writeFileSync(
    path('nginx.conf'),
    `daemon off;\nworker_processes 2;\npid ${path('nginx.pid')};\nerror_log ${path('error.log')} warn;\n` +
      `events { worker_connections 4096; }\nhttp {\naccess_log off;\n${temporary.join('\n')}\n${servers}}\n`,
  );
  try {
    const stop = await startLocalProcess({
      command: program,
      args: ['-c', path('nginx.conf'), '-e', path('error.log')],
      directory,
      account: undefined,
      isReady: () => answers(`http://${http}/readyz`),
    });
    const stopAndRemove = async (): Promise<void> => {
      await stop();
      removeDirectory(directory);
    };
    return { url: `http://${http}`, grpc, stop: stopAndRemove };
  } catch (error) {
    removeDirectory(directory);
    throw error;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // not listening yet
  }
}
