import { parseConfig } from '../../src/platform/config/config.js';
import { type RunningServer, startServer } from '../../src/start-server.js';
import { createDatabase } from '../contracts/databases.js';
import { type Api, callerOf } from '../e2e/start-test-server.js';
import { ADMIN } from './killable-server.js';
import { TcpLink } from './tcp-link.js';

/** One of several servers on one database, with a way of its own to the Redis of all. */
export class Replica {
  private constructor(
    private readonly server: RunningServer,
    /** Cut it, and this replica alone is without Redis. */
    readonly redisLink: TcpLink,
  ) {}

  static async start(settings: Readonly<Record<string, string>>, redisUrl: string): Promise<Replica> {
    const redisLink = await TcpLink.open(redisUrl);
    const server = await startServer(
      parseConfig({
        SLUICE_HTTP_PORT: '0',
        SLUICE_GRPC_PORT: '0',
        SLUICE_LOG_LEVEL: 'silent',
        SLUICE_ADMIN_TOKEN: ADMIN,
        SLUICE_API_REQUESTS_PER_MINUTE: '1000000',
        REDIS_URL: redisLink.url,
        ...settings,
      }),
    );
    return new Replica(server, redisLink);
  }

  get url(): string {
    return this.server.url;
  }

  as(token: string | undefined): Api {
    return callerOf(this.url, token);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.redisLink.close();
  }
}

/** Replicas of one control plane, in this process: what they have in common is a database and a Redis, and nothing else. */
export class Replicas {
  private constructor(
    readonly databaseUrl: string,
    private readonly all: Replica[],
    private readonly redisUrl: string,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly drop: () => Promise<void>,
  ) {}

  /** Starts some at once, as an operator does: one of them migrates. */
  static async start(
    count: number,
    {
      databaseServer,
      redisUrl,
      settings = {},
    }: {
      readonly databaseServer: string;
      readonly redisUrl: string;
      readonly settings?: Readonly<Record<string, string>>;
    },
  ): Promise<Replicas> {
    const { url, drop } = await createDatabase(databaseServer);
    const replicas = new Replicas(url, [], redisUrl, { ...settings, DATABASE_URL: url }, drop);
    await Promise.all(Array.from({ length: count }, () => replicas.add()));
    return replicas;
  }

  /** Starts one more. */
  async add(): Promise<Replica> {
    const replica = await Replica.start(this.settings, this.redisUrl);
    this.all.push(replica);
    return replica;
  }

  at(index: number): Replica {
    const replica = this.all[index];
    if (replica === undefined) throw new Error(`There are only ${this.all.length} replicas.`);
    return replica;
  }

  get each(): readonly Replica[] {
    return this.all;
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((replica) => replica.close()));
    await this.drop();
  }
}
