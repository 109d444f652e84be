import { findPostgres, LocalPostgres } from '../../../scripts/services/postgres.ts';
import { ADMIN } from '../clients/killable-server.js';
import { REDIS_PROGRAM, RedisServer } from '../clients/redis-server.js';
import { callerOf, type Api } from '../e2e/start-test-server.js';
import { type MetricHost, replyJson, replyText, startMetricHost } from '../fakes/metric-host.js';
import { Balancer } from './balancer.js';
import { Replica } from './replica.js';

/** Loses nothing that it said is stored, however it ends; the disk itself is not what is tried here. */
const POSTGRES_SETTINGS = ['fsync=off', 'max_connections=120'];
const SETTINGS = { SLUICE_TICK_SECONDS: '0.2' };

export const PROJECT = 'shop';
/** The flag that everybody changes and watches, and how many values it has. */
export const BEACON = 'beacon';
export const BEACON_VALUES = 100;

/** Three replicas on a PostgreSQL and a Redis of their own, all of which may be made to fail. */
export class FaultWorld {
  private constructor(
    readonly postgres: LocalPostgres,
    readonly redis: RedisServer,
    readonly replicas: readonly [Replica, Replica, Replica],
    /** What services reach them by. */
    readonly balancer: Balancer,
    /** Whom ramps ask how the candidate does. */
    readonly metrics: MetricHost,
  ) {}

  static async start(): Promise<FaultWorld> {
    const programs = await findPostgres();
    if (programs === undefined || REDIS_PROGRAM === undefined) {
      throw new Error(
        'The fault suite needs PostgreSQL and Redis: npm test installs them, see scripts/test-services.ts.',
      );
    }
    const postgres = await LocalPostgres.create(programs, POSTGRES_SETTINGS);
    await postgres.start();
    const redis = await RedisServer.start(REDIS_PROGRAM);
    const store = { databaseUrl: postgres.urlOf('postgres'), redisUrl: redis.url, settings: SETTINGS };
    const prepare = (): Promise<Replica> => Replica.prepare(store);
    const replicas = [await prepare(), await prepare(), await prepare()] as const;
    const balancer = await Balancer.open(replicas.map(({ url }) => url));
    const metrics = await startMetricHost(replyJson({ value: 1 }));
    const world = new FaultWorld(postgres, redis, replicas, balancer, metrics);
    // At once, as replicas do: one of them migrates.
    await Promise.all(world.replicas.map((replica) => replica.start()));
    return world;
  }

  get urls(): readonly string[] {
    return this.replicas.map(({ url }) => url);
  }

  /** Calls a replica with the admin token. */
  apiOf({ url }: Replica): Api {
    return callerOf(url, ADMIN);
  }

  /** Creates the project with its flag, and answers with an SDK's token. */
  async furnish(): Promise<string> {
    const done = async <T>(method: string, path: string, body: object): Promise<T> => {
      const answer = await this.apiOf(this.replicas[0])(method, `/api/v1${path}`, body, { 'if-match': '*' });
      if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as T; // what the API's contract says
    };
    await done('POST', '/projects', { key: PROJECT, environments: [{ key: 'production' }] });
    const variations = Array.from({ length: BEACON_VALUES }, (_, value) => ({ key: `v${value}`, value }));
    await done('POST', `/projects/${PROJECT}/flags`, { key: BEACON, type: 'number', variations });
    const settings = { on: true, defaultServe: { variation: 'v0' } };
    await done('PATCH', `/projects/${PROJECT}/flags/${BEACON}/environments/production`, settings);
    const scope = { kind: 'server', name: 'shop', project: PROJECT, environment: 'production' };
    return (await done<{ readonly secret: string }>('POST', '/tokens', scope)).secret;
  }

  /** Whether whoever is asked how the candidate does answers that it does well, or does not answer. */
  set metricsKnown(isKnown: boolean) {
    this.metrics.reply = isKnown ? replyJson({ value: 1 }) : replyText('no', 503);
  }

  async close(): Promise<void> {
    await this.balancer.close();
    await Promise.all(this.replicas.map((replica) => replica.close()));
    await Promise.all([this.metrics.close(), this.redis.kill(), this.postgres.remove()]);
  }
}
