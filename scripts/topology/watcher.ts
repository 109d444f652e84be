import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repository } from '../run-command.ts';
import { freePort, makeDirectory, removeDirectory, startLocalProcess } from '../services/local-process.ts';
import type { Service } from '../services/service.ts';
import type { Replica } from './replica.ts';

const examples = join(repository, 'examples/topology');

interface Configuration {
  readonly global: object;
  readonly scrape_configs: readonly { readonly dns_sd_configs?: unknown }[];
}

/**
 * Starts Prometheus with the configuration and the alerts of docker-compose.yml, on a free port of the loopback
 * interface. Only who is asked is told otherwise, for here are no names of Docker's, and how often, for nobody waits
 * fifteen seconds here.
 */
export async function startWatcher(program: string, replicas: readonly Replica[]): Promise<Service> {
  const directory = makeDirectory('prometheus', undefined);
  const path = (name: string): string => join(directory, name);
  // The file is ours.
  const written = parse(readFileSync(join(examples, 'prometheus.yml'), 'utf8')) as Configuration;
  const configuration = {
    ...written,
    global: { ...written.global, scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    scrape_configs: written.scrape_configs.map(({ dns_sd_configs: _names, ...rest }) => {
      return { ...rest, static_configs: [{ targets: replicas.map(({ http }) => http) }] };
    }),
  };
  writeFileSync(path('prometheus.yml'), JSON.stringify(configuration));
  copyFileSync(join(examples, 'alerts.yml'), path('alerts.yml'));
  const address = `127.0.0.1:${await freePort()}`;
  try {
    const stop = await startLocalProcess({
      command: program,
      args: [
        `--config.file=${path('prometheus.yml')}`,
        `--storage.tsdb.path=${path('data')}`,
        `--web.listen-address=${address}`,
        '--log.level=warn',
      ],
      directory,
      account: undefined,
      isReady: () => isReady(address),
    });
    const stopAndRemove = async (): Promise<void> => {
      await stop();
      removeDirectory(directory);
    };
    return { address: `http://${address}`, stop: stopAndRemove };
  } catch (error) {
    removeDirectory(directory);
    throw error;
  }
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/-/ready`)).ok;
  } catch {
    return false; // not listening yet
  }
}
