import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketOf } from '@sluice/sdk/evaluation';
import { FULL_SHARE } from '../../src/kernel/share.js';
import { parseConfig } from '../../src/platform/config/config.js';
import type { XdsRoute } from '../../src/platform/config/traffic.js';
import { type RunningServer, startServer } from '../../src/start-server.js';
import { freePort } from '../clients/free-port.js';
import { type Api, callerOf } from '../e2e/start-test-server.js';
import { type GrpcInstance, startGrpcInstance } from './grpc-instance.js';
import { type Headers, XdsProcess } from './xds-process.js';

const ADMIN = `slu_admin_${'x'.repeat(40)}`;
export const VERSION_HEADER = 'x-sluice-version';
const BUCKET_HEADER = 'x-sluice-bucket';
const LONG = 600;
const SHORT = 3;

/** Routes of as many services as asked: `shop-0`, `shop-1`, … */
function routesOf(services: number, changed: readonly Partial<XdsRoute>[]): readonly object[] {
  return Array.from({ length: services }, (_, index) => ({
    ...{ project: 'shop', environment: 'production', service: `shop-${index}`, router: 'xds' },
    ...{ listener: `shop-${index}.example`, versionHeader: VERSION_HEADER, bucketHeader: BUCKET_HEADER },
    ...changed[index],
  }));
}

/** A server with routes of xDS, on a folder of its own: it may end and start again at the same addresses. */
export class XdsWorld {
  server!: RunningServer; // set by start, before anybody has the world
  token!: string; // the same
  private readonly clients: XdsProcess[] = [];
  private readonly instances: GrpcInstance[] = [];

  private constructor(
    private readonly directory: string,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async open({
    services = 1,
    changed = [],
    settings = {},
  }: {
    readonly services?: number;
    /** What is otherwise in the routes of the first services. */
    readonly changed?: readonly Partial<XdsRoute>[];
    readonly settings?: Readonly<Record<string, string>>;
  } = {}): Promise<XdsWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-xds-'));
    const file = join(directory, 'traffic.json');
    writeFileSync(file, JSON.stringify({ routes: routesOf(services, changed) }));
    const [http, grpc] = [await freePort(), await freePort()];
    const world = new XdsWorld(directory, {
      SLUICE_DATA_DIR: join(directory, 'data'),
      SLUICE_HTTP_PORT: String(http),
      SLUICE_GRPC_PORT: String(grpc),
      SLUICE_ADMIN_TOKEN: ADMIN,
      SLUICE_TRAFFIC_FILE: file,
      SLUICE_LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      SLUICE_API_REQUESTS_PER_MINUTE: '1000000',
      SLUICE_TICK_SECONDS: '0.2',
      ...settings,
    });
    await world.start();
    await world.must('POST', '/api/v1/projects', { key: 'shop' });
    for (let index = 0; index < services; index += 1) {
      await world.must('POST', '/api/v1/projects/shop/services', { key: `shop-${index}` });
    }
    world.token = await world.issue('server');
    return world;
  }

  get api(): Api {
    return callerOf(this.server.url, ADMIN);
  }

  async start(): Promise<void> {
    this.server = await startServer(parseConfig(this.settings));
  }

  async end(): Promise<void> {
    await this.server.close();
  }

  /** A second server on the same store; the store must be one that two can share. */
  replica(): Promise<RunningServer> {
    return startServer(parseConfig({ ...this.settings, SLUICE_HTTP_PORT: '0', SLUICE_GRPC_PORT: '0' }));
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as Answer.body
  async must(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.api(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async issue(kind: string, environment = 'production'): Promise<string> {
    const made: unknown = await this.must('POST', '/api/v1/tokens', { kind, name: kind, project: 'shop', environment });
    return (made as { secret: string }).secret; // as the API says
  }

  async startInstance(version: string): Promise<GrpcInstance> {
    const instance = await startGrpcInstance(version);
    this.instances.push(instance);
    return instance;
  }

  /** Registers an instance, for so long that nobody has to renew it, or for so short that it soon ends. */
  register(service: string, id: string, { version, port }: GrpcInstance, isLong = true): Promise<unknown> {
    const body = { version, address: '127.0.0.1', port, leaseSeconds: isLong ? LONG : SHORT };
    return this.must('PUT', `${this.instancesOf(service)}/${id}`, body);
  }

  /** Reports a version as installed; the first one gets everybody. */
  async install(service: string, version: string): Promise<void> {
    const digest = digestOf(version);
    await this.must('POST', '/api/v1/projects/shop/deployments', {
      service,
      environment: 'production',
      version,
      digest,
    });
  }

  instancesOf(service: string): string {
    return `/api/v1/projects/shop/environments/production/services/${service}/instances`;
  }

  async dial(service: string, { node = 'caller', server = this.server.grpcAddress } = {}): Promise<XdsProcess> {
    const client = await XdsProcess.start(`${service}.example`, { server, node, token: this.token });
    this.clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.clients) await client.kill();
    await this.server.close();
    for (const instance of this.instances) instance.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function digestOf(version: string): string {
  return `sha256:${createHash('sha256').update(version).digest('hex')}`;
}

/** The headers of a user's request, as a service with an SDK would send them; none for nobody in particular. */
export function headersOf(service: string, user: string | undefined): Headers {
  return user === undefined ? {} : { [BUCKET_HEADER]: String(bucketOf(`service/${service}`, user, FULL_SHARE)) };
}
