import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '../../../src/traffic/gateway-api/endpoint-slices.js';
import { selfSigned } from '../../clients/self-signed.js';
import type { Json } from './field-ownership.js';
import { RouteStore } from './route-store.js';

const ROUTES = /^\/apis\/gateway\.networking\.k8s\.io\/v1\/namespaces\/shop\/httproutes\/([^/]+)$/u;
const SLICES = '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices';

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * A Kubernetes API server for one resource: HTTPRoutes of a namespace `shop`, over HTTPS, with a service account's token,
 * server-side apply and the resource's own schema; and the EndpointSlices beside them. No cluster: whoever wants one asks
 * a real one. What it stores outlives its being away.
 */
export class KubernetesServer {
  readonly routes = new RouteStore((name) => this.onChange(name));
  readonly slices = new Map<string, readonly Endpoint[]>();
  /** Every write that was asked for, as `PATCH force=false 200`. */
  readonly writes: string[] = [];
  token = 'a-service-account';
  /** Answers instead, where it answers anything. */
  instead: (method: string) => Reply | undefined = () => undefined;
  onChange: (name: string) => void = () => undefined;
  private readonly directory = mkdtempSync(join(tmpdir(), 'sluice-cluster-'));
  private readonly identity = selfSigned();
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  get settings(): { readonly cluster: string; readonly tokenFile: string; readonly caFile: string } {
    const [tokenFile, caFile] = [join(this.directory, 'token'), join(this.directory, 'ca.crt')];
    return { cluster: `https://127.0.0.1:${this.port}`, tokenFile, caFile };
  }

  async start(): Promise<void> {
    writeFileSync(this.settings.tokenFile, `${this.token}\n`);
    writeFileSync(this.settings.caFile, this.identity.cert);
    const server = createServer(this.identity, (request, response) => void this.answer(request, response));
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    // A server that listens on TCP has such an address.
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Ends at once, connections and all. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', this.settings.cluster);
    const { method = '' } = request;
    const reply = this.instead(method) ?? this.replyTo(request, url, Buffer.concat(chunks).toString());
    if (method !== 'GET') this.writes.push(`${method} force=${url.searchParams.get('force') ?? ''} ${reply.status}`);
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  }

  private replyTo({ method, headers }: IncomingMessage, url: URL, text: string): Reply {
    if (headers.authorization !== `Bearer ${this.token}`) return refusal(401, 'Unauthorized', 'Unauthorized');
    if (method === 'GET' && url.pathname === SLICES) return this.listSlices(url);
    const name = ROUTES.exec(url.pathname)?.[1];
    if (name === undefined) return refusal(404, 'NotFound', 'the server could not find the requested resource');
    if (method === 'GET') {
      const body = this.routes.get(name);
      return body === undefined ? missing(name) : { status: 200, body };
    }
    const isApply = method === 'PATCH' && headers['content-type'] === 'application/apply-patch+yaml';
    if (!isApply) return refusal(405, 'MethodNotAllowed', 'the server does not allow this method on the resource');
    return this.apply(name, url, text);
  }

  private apply(name: string, url: URL, text: string): Reply {
    const manager = url.searchParams.get('fieldManager') ?? '';
    if (manager === '') return refusal(422, 'Invalid', 'fieldManager: Required value: is required for apply patch');
    // JSON of an object, or the test fails.
    const wanted = JSON.parse(text) as Json & {
      readonly metadata?: { readonly name?: string; readonly namespace?: string };
    };
    if (wanted.metadata?.name !== name || (wanted.metadata.namespace ?? 'shop') !== 'shop') {
      return refusal(400, 'BadRequest', 'the name of the object does not match the name on the URL');
    }
    const applied = this.routes.apply(name, wanted, { manager, isForced: url.searchParams.get('force') === 'true' });
    switch (applied.kind) {
      case 'created':
        return { status: 201, body: applied.route };
      case 'configured':
      case 'unchanged':
        return { status: 200, body: applied.route };
      case 'invalid':
        return refusal(422, 'Invalid', `HTTPRoute "${name}" is invalid: ${applied.objections.join(', ')}`);
      case 'conflict': {
        const causes = applied.conflicts.map(({ manager: other, field }) => {
          const message = `conflict with "${other}" using gateway.networking.k8s.io/v1`;
          return { reason: 'FieldManagerConflict', message, field };
        });
        const words = causes.map(({ message, field }) => `${message}: ${field}`).join(', ');
        return refusal(409, 'Conflict', `Apply failed with ${causes.length} conflict: ${words}`, { causes });
      }
    }
  }

  private listSlices(url: URL): Reply {
    const service = /^kubernetes\.io\/service-name=(.+)$/u.exec(url.searchParams.get('labelSelector') ?? '')?.[1] ?? '';
    const endpoints = this.slices.get(service);
    const items =
      endpoints === undefined ? [] : [{ metadata: { name: `${service}-x2x` }, addressType: 'IPv4', endpoints }];
    return { status: 200, body: { kind: 'EndpointSliceList', apiVersion: 'discovery.k8s.io/v1', items } };
  }
}

/** A `Status`, as every refusal of the API is. */
export function refusal(code: number, reason: string, message: string, details?: object): Reply {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
  return { status: code, body: status };
}

function missing(name: string): Reply {
  const details = { name, group: 'gateway.networking.k8s.io', kind: 'httproutes' };
  return refusal(404, 'NotFound', `httproutes.gateway.networking.k8s.io "${name}" not found`, details);
}
