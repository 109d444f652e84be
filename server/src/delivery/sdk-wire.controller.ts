import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from '../auth/index.js';
import { sendProblem } from '../transport/rest-error.filter.js';
import { chooseEncoding } from './accept-encoding.js';
import { isNoneMatch } from './entity-tag.js';
import { type Caller, headerOf, hotRoute } from './hot-route.provider.js';
import { revisionOfPosition } from './position.js';
import { SnapshotCache } from './snapshot-cache.service.js';
import { streamOpening } from '../platform/http/sse-frame.js';
import { StreamHub } from './stream-hub.service.js';

/** The base of the SDK's back-off, which adds jitter of its own. */
const RETRY_MS = 1_000;
/** A body of one packet gains nothing from compression. */
const MIN_ENCODED_BYTES = 1_024;

/** The SDK wire: the snapshot whole, and the stream of what becomes of it. */
@Injectable()
export class SdkWireController implements OnModuleInit {
  private readonly logger = new Logger('SdkWire');

  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly authenticator: Authenticator,
    private readonly cache: SnapshotCache,
    private readonly streams: StreamHub,
  ) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.adapters.httpAdapter.getInstance();
    const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): void =>
      sendProblem(request, reply, error, this.logger);
    fastify.get(
      '/sdk/v1/snapshot',
      hotRoute(this.authenticator, 'snapshot.read', (...args) => this.snapshot(...args), fail),
    );
    fastify.get(
      '/sdk/v1/stream',
      { exposeHeadRoute: false },
      hotRoute(this.authenticator, 'snapshot.read', (...args) => this.stream(...args), fail),
    );
  }

  private async snapshot({ environmentId }: Caller, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const prepared = await this.cache.get(environmentId);
    void reply
      .header('etag', prepared.etag)
      .header('sluice-revision', String(prepared.revision))
      .header('cache-control', 'no-cache')
      .header('vary', 'Accept-Encoding');
    if (isNoneMatch(headerOf(request, 'if-none-match'), prepared.etag)) return void reply.status(304).send();

    void reply.header('content-type', 'application/json; charset=utf-8');
    const isWorthIt = prepared.body.length >= MIN_ENCODED_BYTES;
    const encoding = isWorthIt ? chooseEncoding(headerOf(request, 'accept-encoding')) : undefined;
    if (encoding === undefined) return void reply.send(prepared.body);
    void reply.header('content-encoding', encoding).send(await prepared.encode(encoding));
  }

  private async stream({ token, environmentId }: Caller, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const lastEventId = headerOf(request, 'last-event-id');
    const prepared = await this.cache.get(environmentId, revisionOfPosition(lastEventId));
    this.streams.open(reply, prepared, {
      audience: 'sdk',
      token,
      environmentId,
      lastEventId,
      preamble: streamOpening(RETRY_MS),
      feed: (snapshot, from) => snapshot.framesSince(from),
    });
  }
}
