import type { Server } from 'node:http';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from '../auth/index.js';
import { TracingConfig } from '../platform/config/tracing.js';
import { putLaneBefore } from '../platform/http/fast-lane.js';
import { HttpMetrics } from '../platform/http/http-metrics.provider.js';
import { sendProblem } from '../transport/rest-error.filter.js';
import { type Caller, headerOf, hotRoute } from './hot-route.provider.js';
import { revisionOfPosition } from './position.js';
import { answerSnapshot } from './snapshot-answer.js';
import { SnapshotCache } from './snapshot-cache.service.js';
import { snapshotLane } from './snapshot-lane.provider.js';
import { streamOpening } from '../platform/http/sse-frame.js';
import { StreamHub } from './stream-hub.service.js';

/** The base of the SDK's back-off, which adds jitter of its own. */
const RETRY_MS = 1_000;
const SNAPSHOT_PATH = '/sdk/v1/snapshot';

/** The SDK wire: the snapshot whole, and the stream of what becomes of it. */
@Injectable()
export class SdkWireController implements OnModuleInit {
  private readonly logger = new Logger('SdkWire');

  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly authenticator: Authenticator,
    private readonly cache: SnapshotCache,
    private readonly streams: StreamHub,
    private readonly metrics: HttpMetrics,
    private readonly tracing: TracingConfig,
  ) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.adapters.httpAdapter.getInstance();
    const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): void =>
      sendProblem(request, reply, error, this.logger);
    fastify.get(
      SNAPSHOT_PATH,
      hotRoute(this.authenticator, 'snapshot.read', (...args) => this.snapshot(...args), fail),
    );
    fastify.get(
      '/sdk/v1/stream',
      { exposeHeadRoute: false },
      hotRoute(this.authenticator, 'snapshot.read', (...args) => this.stream(...args), fail),
    );
    // Traces tell of every request, and begin in a hook.
    if (this.tracing.endpoint !== undefined) return;
    const tally = this.metrics.ofRoute('GET', SNAPSHOT_PATH);
    const lane = snapshotLane(SNAPSHOT_PATH, this.authenticator, this.cache, tally);
    putLaneBefore(this.adapters.httpAdapter.getHttpServer() as Server, lane, this.logger);
  }

  private async snapshot({ environmentId }: Caller, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const prepared = await this.cache.get(environmentId);
    const { status, headers, body } = answerSnapshot(prepared, request.headers);
    void reply.status(status).headers(headers);
    void reply.send(await body);
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
