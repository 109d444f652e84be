import { parseConfig } from '../../src/platform/config/config.js';
import { type RunningServer, startServer } from '../../src/start-server.js';
import { IN_MEMORY } from '../contracts/in-memory.js';

/** What a server answered: its status, its headers, its body read as JSON where there is one. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of every shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** Calls a server. A body that is a string or bytes is sent as it is, anything else as JSON. */
export type Api = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** A server that tests call, wherever it runs. */
export interface CalledServer {
  readonly url: string;
  readonly adminToken: string;
  /** Calls with the admin token. */
  readonly api: Api;
  /** Calls with another token, or with none. */
  readonly as: (token: string | undefined) => Api;
  close(): Promise<void>;
}

/** One that runs in the test's own process. */
export interface TestServer extends CalledServer {
  readonly app: RunningServer['app'];
  /** Where it speaks gRPC: `host:port`. */
  readonly grpcAddress: string;
}

/** A server that really listens, on its embedded store in memory, with settings of its own where a test needs them. */
export async function startTestServer(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const server = await startServer(
    parseConfig({
      SLUICE_DATA_DIR: IN_MEMORY,
      SLUICE_HTTP_PORT: '0',
      SLUICE_GRPC_PORT: '0',
      SLUICE_LOG_LEVEL: 'silent',
      SLUICE_API_REQUESTS_PER_MINUTE: '1000000',
      SLUICE_FAILED_AUTH_PER_MINUTE: '1000000',
      ...settings,
    }),
  );
  const adminToken = server.adminToken ?? settings['SLUICE_ADMIN_TOKEN'];
  if (adminToken === undefined) throw new Error('A fresh store gave no admin token.');
  const as = (token: string | undefined): Api => callerOf(server.url, token);
  const { app, url, grpcAddress } = server;
  return { app, url, grpcAddress, adminToken, api: as(adminToken), as, close: () => server.close() };
}

/** Calls a server that was started otherwise. */
export function callerOf(url: string, token: string | undefined): Api {
  return async (method, path, body, headers = {}) => {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: isRaw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /\bjson\b/u.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as unknown };
  };
}
