import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Snapshot, SnapshotPatch } from '../src/evaluation/snapshot.js';
import type { TelemetryBatch } from '../src/telemetry/batch.js';

export const TOKEN = 'slu_server_test';

/**
 * Ways to misbehave. `hang` accepts and never answers; `buffer` holds back what a stream says, as some proxies do;
 * `lose` does what it was asked to and loses the answer.
 */
export type Fault = 'hang' | 'buffer' | 'refuse' | 'limit' | 'reject' | 'html' | 'lose';

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** The SDK wire over real HTTP, for tests. */
export class FakeControlPlane {
  readonly requests: SeenRequest[] = [];
  /** By batch id, as the real one counts them. */
  readonly batches = new Map<string, TelemetryBatch>();
  readonly received: TelemetryBatch[] = [];
  readonly streams = new Set<ServerResponse>();
  /** Faults by path, `/sdk/v1/stream` say. */
  readonly faults = new Map<string, Fault>();
  retryAfter: string | undefined;
  /** Prefixed to event ids; a restored database would get another. */
  epoch = 'a';
  readonly #log: SnapshotPatch[] = [];
  #snapshot: Snapshot;
  #server: Server | undefined;
  #port = 0;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  requestsTo(path: string): SeenRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** Listens, after the first time on the same port again. */
  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#handle(request, response));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    // A TCP server's address is an AddressInfo.
    this.#port = (server.address() as AddressInfo).port;
    return this;
  }

  /** Stops, cutting every connection. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.streams.clear();
    await new Promise<void>((resolve) => {
      if (!server) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  /** Changes the snapshot and pushes it whole. */
  put(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#log.length = 0;
    for (const stream of this.streams) this.#write(stream, 'put', snapshot.revision, snapshot);
  }

  /** Changes flags and pushes the difference. */
  patch(change: Partial<Omit<SnapshotPatch, 'from' | 'revision'>>): void {
    const from = this.#snapshot.revision;
    const patch: SnapshotPatch = {
      from,
      revision: from + 1,
      flags: [],
      removedFlags: [],
      segments: [],
      removedSegments: [],
      ...change,
    };
    this.#snapshot = applied(this.#snapshot, patch);
    this.#log.push(patch);
    for (const stream of this.streams) this.#write(stream, 'patch', patch.revision, patch);
  }

  /** Pushes a patch as it is, fitting or not. */
  pushRaw(event: string, data: unknown, id: string): void {
    for (const stream of this.streams) stream.write(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  heartbeat(): void {
    for (const stream of this.streams) stream.write(': heartbeat\n\n');
  }

  endStreams(): void {
    for (const stream of this.streams) stream.end();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.requests.push({ path, headers: request.headers });
    const fault = this.faults.get(path) ?? this.faults.get('*');
    if (fault === 'hang') return;
    if (fault === 'html') return answer(response, 200, '<p>Welcome to nginx!</p>', { 'Content-Type': 'text/html' });
    if (fault === 'limit') return answer(response, 503, '', this.retryAfter ? { 'Retry-After': this.retryAfter } : {});
    if (fault === 'reject') return answer(response, 422, '');
    if (fault === 'refuse' || request.headers.authorization !== `Bearer ${TOKEN}`) return answer(response, 401, '');
    if (path === '/sdk/v1/snapshot') return this.#sendSnapshot(request, response);
    if (path === '/sdk/v1/stream') return this.#openStream(request, response, fault === 'buffer');
    if (path === '/sdk/v1/telemetry') return this.#takeBatch(request, response, fault === 'lose');
    answer(response, 404, '');
  }

  #sendSnapshot(request: IncomingMessage, response: ServerResponse): void {
    const body = JSON.stringify(this.#snapshot);
    const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) return answer(response, 304, '', { ETag: etag });
    answer(response, 200, body, { 'Content-Type': 'application/json', ETag: etag });
  }

  #openStream(request: IncomingMessage, response: ServerResponse, isBuffering: boolean): void {
    response.on('close', () => this.streams.delete(response));
    if (isBuffering) return;
    this.streams.add(response);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform' });
    response.write(': connected\nretry: 1000\n\n');
    const missed = this.#missedSince(request.headers['last-event-id']);
    if (!missed) return this.#write(response, 'put', this.#snapshot.revision, this.#snapshot);
    for (const patch of missed) this.#write(response, 'patch', patch.revision, patch);
  }

  /** Undefined when the position is unknown, so that all must be sent. */
  #missedSince(lastEventId: string | string[] | undefined): readonly SnapshotPatch[] | undefined {
    const [epoch, revision] = String(lastEventId ?? '').split(':');
    if (epoch !== this.epoch) return undefined;
    if (Number(revision) === this.#snapshot.revision) return [];
    const start = this.#log.findIndex((patch) => patch.from === Number(revision));
    return start < 0 ? undefined : this.#log.slice(start);
  }

  #write(stream: ServerResponse, event: 'put' | 'patch', revision: number, data: Snapshot | SnapshotPatch): void {
    stream.write(`event: ${event}\nid: ${this.epoch}:${revision}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  async #takeBatch(request: IncomingMessage, response: ServerResponse, losesAnswer: boolean): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    // The SDK sends what its types say.
    const batch = JSON.parse(body) as TelemetryBatch;
    this.received.push(batch);
    this.batches.set(batch.batchId, batch);
    if (losesAnswer) request.socket.destroy();
    else answer(response, 202, '');
  }
}

function answer(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end(body);
}

function applied(snapshot: Snapshot, patch: SnapshotPatch): Snapshot {
  const replaced = <T extends { readonly key: string }>(
    old: readonly T[],
    edited: readonly T[],
    removed: readonly string[],
  ) => [
    ...old.filter((item) => !removed.includes(item.key) && !edited.some((other) => other.key === item.key)),
    ...edited,
  ];
  return {
    ...snapshot,
    revision: patch.revision,
    flags: replaced(snapshot.flags, patch.flags, patch.removedFlags),
    segments: replaced(snapshot.segments, patch.segments, patch.removedSegments),
    ...(patch.services && { services: patch.services }),
    ...(patch.ramps && { ramps: patch.ramps }),
  };
}
