import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Clock } from '../kernel/clock.js';
import { headerOf, toCaller } from './hot-route.provider.js';
import { openingEvent, refetchEvent } from './ofrep-event.js';
import { allowOrigins, sendOfrepFailure } from './ofrep-reply.provider.js';
import type { PreparedSnapshot } from './prepared-snapshot.provider.js';
import { revisionOfPosition } from './position.js';
import { SnapshotCache } from './snapshot-cache.service.js';
import { streamOpening } from '../platform/http/sse-frame.js';
import { SseTickets } from './sse-tickets.service.js';
import { StreamHub } from './stream-hub.service.js';

/** Browsers add no jitter to their reconnections, so each is given a pause of its own. */
const RETRY_MS = { least: 2_000, spread: 4_000 };

/** OFREP's change notices (event-streams.yaml): "evaluate again", never what. */
@Injectable()
export class OfrepStreamController implements OnModuleInit {
  private readonly logger = new Logger('OfrepStream');
  /** The notice of a snapshot, made once for all streams. */
  private readonly notices = new WeakMap<PreparedSnapshot, readonly Buffer[]>();

  constructor(
    private readonly adapters: HttpAdapterHost,
    private readonly tickets: SseTickets,
    private readonly cache: SnapshotCache,
    private readonly streams: StreamHub,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.adapters.httpAdapter.getInstance();
    // Needs evaluation.read, which the ticket in the URL stands for: see SseTickets.redeem.
    fastify.get('/ofrep/v1/sse', { onRequest: allowOrigins, exposeHeadRoute: false }, async (request, reply) => {
      try {
        await this.stream(request, reply);
      } catch (error) {
        sendOfrepFailure(request, reply, error, { logger: this.logger });
      }
      return reply;
    });
  }

  private async stream(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { ticket } = request.query as Readonly<Record<string, unknown>>; // Fastify's query is always an object
    const { token, environmentId } = toCaller(await this.tickets.redeem(ticket, request.ip));
    const lastEventId = headerOf(request, 'last-event-id');
    const prepared = await this.cache.get(environmentId, revisionOfPosition(lastEventId));
    this.streams.open(reply, prepared, {
      audience: 'ofrep',
      token,
      environmentId,
      // The opening event says all there is to say about the way from there to here.
      lastEventId: prepared.position,
      preamble:
        streamOpening(RETRY_MS.least + Math.round(Math.random() * RETRY_MS.spread)) +
        openingEvent(prepared, lastEventId, this.clock.now()),
      feed: (snapshot) => this.noticeOf(snapshot),
    });
  }

  private noticeOf(snapshot: PreparedSnapshot): readonly Buffer[] {
    const known = this.notices.get(snapshot);
    if (known !== undefined) return known;
    const notice = [Buffer.from(refetchEvent(snapshot))];
    this.notices.set(snapshot, notice);
    return notice;
  }
}
