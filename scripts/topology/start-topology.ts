import { randomBytes } from 'node:crypto';
import { startTestServices } from '../test-services.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type Replica, startReplica } from './replica.ts';
import { startWatcher } from './watcher.ts';

const replicaCount = 3;

/** Everything that docker-compose.yml starts but Grafana, as processes on the loopback interface. */
export interface Topology {
  readonly balancer: Balancer;
  readonly replicas: readonly Replica[];
  readonly prometheusUrl: string;
  readonly adminToken: string;
  readonly stop: () => Promise<void>;
}

/** Starts PostgreSQL, Redis, three servers at once, and nginx and Prometheus over them. Settings are for the servers. */
export async function startTopology(settings: Readonly<Record<string, string>> = {}): Promise<Topology> {
  const stops: (() => Promise<void>)[] = [];
  // Those that lean on others end first.
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    // Stores of its own, whatever tests use: replicas are counted by who listens to a Redis.
    delete process.env['TEST_DATABASE_URL'];
    delete process.env['TEST_REDIS_URL'];
    const services = await startTestServices(['postgres', 'redis', 'nginx', 'prometheus']);
    stops.push(services.stop);
    const { TEST_DATABASE_URL = '', TEST_REDIS_URL = '', TEST_NGINX = '', TEST_PROMETHEUS = '' } = services.env;
    const adminToken = settings['SLUICE_ADMIN_TOKEN'] ?? `slu_admin_${randomBytes(32).toString('base64url')}`;
    const ofAll = {
      DATABASE_URL: TEST_DATABASE_URL,
      REDIS_URL: TEST_REDIS_URL,
      SLUICE_TRUST_PROXY: 'loopback',
      SLUICE_LOG_LEVEL: 'warn',
      ...settings,
      SLUICE_ADMIN_TOKEN: adminToken,
    };
    const starting = Array.from({ length: replicaCount }, () => startReplica(ofAll));
    const started = await Promise.allSettled(starting);
    for (const each of started) if (each.status === 'fulfilled') stops.push(each.value.stop);
    const replicas = await Promise.all(starting);
    const balancer = await startBalancer(TEST_NGINX, replicas);
    stops.push(balancer.stop);
    const watcher = await startWatcher(TEST_PROMETHEUS, replicas);
    stops.push(watcher.stop);
    return { balancer, replicas, prometheusUrl: watcher.address, adminToken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
