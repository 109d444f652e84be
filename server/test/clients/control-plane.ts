import { parseConfig } from '../../src/platform/config/config.js';
import { type RunningServer, startServer } from '../../src/start-server.js';
import { IN_MEMORY } from '../contracts/in-memory.js';

/** A server on a database of its own, with what an admin does to it. */
export class ControlPlane {
  private projects = 0;

  private constructor(
    readonly server: RunningServer,
    private readonly adminToken: string,
  ) {}

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<ControlPlane> {
    const adminToken = `slu_admin_${'a'.repeat(40)}`;
    const server = await startServer(
      parseConfig({
        SLUICE_DATA_DIR: IN_MEMORY,
        SLUICE_HTTP_PORT: '0',
        SLUICE_GRPC_PORT: '0',
        SLUICE_LOG_LEVEL: 'silent',
        SLUICE_ADMIN_TOKEN: adminToken,
        SLUICE_API_REQUESTS_PER_MINUTE: '100000',
        SLUICE_FAILED_AUTH_PER_MINUTE: '1000',
        ...environment,
      }),
    );
    return new ControlPlane(server, adminToken);
  }

  get url(): string {
    return this.server.url;
  }

  /** Calls the management API; throws when it refuses. */
  async manage<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.adminToken}`, 'content-type': 'application/json', 'if-match': '*' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    // The management API answers what its contract says; tests that use it name the type.
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** A project of its own with an environment "live" and tokens for it. */
  async createEnvironment(): Promise<LiveEnvironment> {
    const project = `p${++this.projects}`;
    await this.manage('POST', '/projects', { key: project, environments: [{ key: 'live' }] });
    const { items } = await this.manage<{ items: [{ id: string }] }>('GET', `/projects/${project}/environments`);
    return new LiveEnvironment(this, project, items[0].id, {
      server: await this.createToken(project, 'server'),
      client: await this.createToken(project, 'client'),
    });
  }

  createToken(project: string, kind: 'server' | 'client', more: object = {}): Promise<TestToken> {
    return this.manage('POST', '/tokens', { kind, name: kind, project, environment: 'live', ...more });
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

export interface TestToken {
  readonly id: string;
  readonly secret: string;
}

export class LiveEnvironment {
  constructor(
    readonly controlPlane: ControlPlane,
    readonly project: string,
    readonly id: string,
    readonly tokens: { readonly server: TestToken; readonly client: TestToken },
  ) {}

  /** Creates a flag and, when settings are given, decides how it serves. */
  async createFlag(flag: { readonly key: string; readonly type: string }, settings?: object): Promise<void> {
    await this.controlPlane.manage('POST', `/projects/${this.project}/flags`, flag);
    if (settings !== undefined) await this.decide(flag.key, settings);
  }

  async decide(flag: string, settings: object): Promise<void> {
    const path = `/projects/${this.project}/flags/${encodeURIComponent(flag)}/environments/live`;
    await this.controlPlane.manage('PATCH', path, settings);
  }

  async revoke({ id }: TestToken): Promise<void> {
    await this.controlPlane.manage('DELETE', `/tokens/${id}`);
  }
}

export const bearer = ({ secret }: TestToken): { authorization: string } => ({ authorization: `Bearer ${secret}` });
