/**
 * Gives tests a PostgreSQL, a Redis and the programs of Prometheus, HAProxy, nginx and Chromium: what TEST_DATABASE_URL,
 * TEST_REDIS_URL, TEST_PROMETHEUS, TEST_HAPROXY, TEST_NGINX and CHROMIUM_PATH name, else docker compose where an engine
 * answers and a container is of use, else installed programs on free loopback ports, installed first on Debian as root.
 * Run by itself it starts them, prints their addresses and holds them until Ctrl-C.
 */
import { once } from 'node:events';
import { findChromium } from './services/chromium.ts';
import { hasContainerEngine, startComposed } from './services/compose.ts';
import { canInstall, install } from './services/debian.ts';
import { findHaproxy } from './services/haproxy.ts';
import { notByCompose, offerProgram } from './services/installed-program.ts';
import { findNginx } from './services/nginx.ts';
import { findPostgres, startPostgres } from './services/postgres.ts';
import { copyPrometheus, findPrometheus, offerPrometheus } from './services/prometheus.ts';
import { findRedis, startRedis } from './services/redis.ts';
import { keepRunning, type Service } from './services/service.ts';

interface Wanted {
  readonly name: 'postgres' | 'redis' | 'prometheus' | 'haproxy' | 'nginx' | 'chromium';
  readonly variable:
    'TEST_DATABASE_URL' | 'TEST_REDIS_URL' | 'TEST_PROMETHEUS' | 'TEST_HAPROXY' | 'TEST_NGINX' | 'CHROMIUM_PATH';
  /** What the variable names, for people. */
  readonly names: string;
  /** One, or several with spaces between. */
  readonly debianPackages: string;
  /** Brings it by docker compose; undefined: it is no use on this machine. */
  readonly compose: () => Promise<Service | undefined>;
  readonly find: () => Promise<string | undefined>;
  readonly start: (program: string) => Promise<Service>;
}

const wanted: readonly Wanted[] = [
  {
    name: 'postgres',
    variable: 'TEST_DATABASE_URL',
    names: 'the address of one that runs',
    debianPackages: 'postgresql',
    compose: () => startComposed('postgres'),
    find: findPostgres,
    start: startPostgres,
  },
  {
    name: 'redis',
    variable: 'TEST_REDIS_URL',
    names: 'the address of one that runs',
    debianPackages: 'redis-server',
    compose: () => startComposed('redis'),
    find: findRedis,
    start: startRedis,
  },
  {
    name: 'prometheus',
    variable: 'TEST_PROMETHEUS',
    names: 'the path of its program',
    debianPackages: 'prometheus',
    compose: copyPrometheus,
    find: findPrometheus,
    start: offerPrometheus,
  },
  {
    name: 'haproxy',
    variable: 'TEST_HAPROXY',
    names: 'the path of its program',
    debianPackages: 'haproxy',
    compose: notByCompose,
    find: findHaproxy,
    start: offerProgram,
  },
  {
    name: 'nginx',
    variable: 'TEST_NGINX',
    names: 'the path of its program',
    debianPackages: 'nginx',
    compose: notByCompose,
    find: findNginx,
    start: offerProgram,
  },
  {
    name: 'chromium',
    variable: 'CHROMIUM_PATH',
    names: 'the path of its program',
    // Without a font it would show nothing.
    debianPackages: 'chromium-headless-shell fonts-dejavu-core',
    compose: notByCompose,
    find: findChromium,
    start: offerProgram,
  },
];

export interface TestServices {
  /** The variables of everything wanted. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops what was started here, and only that. */
  readonly stop: () => Promise<void>;
}

/** Starts everything, or what is named. */
export async function startTestServices(names?: readonly Wanted['name'][]): Promise<TestServices> {
  const services: Service[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(services.map((service) => service.stop())));
  try {
    const env: Record<string, string> = {};
    for (const each of wanted.filter(({ name }) => names?.includes(name) ?? true)) {
      const service = await provide(each);
      services.push(service);
      env[each.variable] = service.address;
    }
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function provide({ name, variable, names, debianPackages, compose, find, start }: Wanted): Promise<Service> {
  const address = process.env[variable];
  if (address !== undefined && address !== '') return { address, stop: keepRunning };
  const composed = (await hasContainerEngine()) ? await compose() : undefined;
  if (composed !== undefined) return composed;
  const program = (await find()) ?? (await findAfterInstall(debianPackages, find));
  if (program !== undefined) return start(program);
  throw new Error(
    `The tests need ${name}. Type one of:\n` +
      `  sudo apt-get update && sudo apt-get install -y ${debianPackages}\n` +
      `  export ${variable}=<${names}>`,
  );
}

async function findAfterInstall(debianPackages: string, find: Wanted['find']): Promise<string | undefined> {
  if (!canInstall()) return undefined;
  await install(...debianPackages.split(' '));
  return find();
}

if (import.meta.main) {
  const services = await startTestServices();
  for (const [variable, url] of Object.entries(services.env)) console.log(`export ${variable}=${url}`);
  const hold = setInterval(() => undefined, 60_000);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  clearInterval(hold);
  await services.stop();
}
