import type { ChildProcess } from 'node:child_process';
import type { ProcessCosts } from './answer-costs.js';
import { costsOf, stopProcess } from './bench-process.js';
import { startProcess } from './start-process.js';

/** A server in a process of its own, its management API, and what it costs. */
export class BenchServer {
  private constructor(
    readonly url: string,
    /** Host and port. */
    readonly grpcAddress: string,
    private readonly adminToken: string,
    private readonly child: ChildProcess,
  ) {}

  /** With settings on top of those of server-process.ts. */
  static async start(
    settings: Readonly<Record<string, string>>,
    nodeArguments: readonly string[] = [],
  ): Promise<BenchServer> {
    const { child, message } = await startProcess<{ url: string; grpcAddress: string; adminToken: string }>(
      'server-process.js',
      [JSON.stringify(settings)],
      { nodeArguments },
    );
    return new BenchServer(message.url, message.grpcAddress, message.adminToken, child);
  }

  /** Asks the management API, of whose answer the caller reads what it names. */
  async api<T>(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.adminToken}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Makes a project and answers the token of services in its production. */
  async project(key: string): Promise<string> {
    await this.api('POST', '/projects', { key });
    const scope = { kind: 'server', name: 'bench', project: key, environment: 'production' };
    return (await this.api<{ secret: string }>('POST', '/tokens', scope)).secret;
  }

  costs(): Promise<ProcessCosts> {
    return costsOf(this.child);
  }

  stop(): Promise<void> {
    return stopProcess(this.child);
  }
}
