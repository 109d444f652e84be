import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CallerWatch } from '../auth/index.js';
import { unavailable } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request-context.js';
import { Bus } from '../platform/bus/bus.js';
import { HEARTBEAT, streamOpening } from '../platform/http/sse-frame.js';
import { beginSse } from '../platform/http/sse-response.js';
import { Drain, shuttingDown } from '../platform/shutdown/drain.service.js';
import { EVENT_APPENDED, type EventAppended } from './event-appended.js';
import type { EventFilter } from './event-query.js';
import { EventsService, type Reading } from './events.service.js';
import { FollowingStream } from './following-stream.adapter.js';
import { matchesType } from './match-type.js';

/** Also how long a message that the bus lost, for all that it was there, can delay an event. */
const HEARTBEAT_MS = 15_000;
/** How long an event can be delayed while this server is cut off from the others. */
const CUT_OFF_LOOK_MS = 1_000;
const RETRY_MS = 2_000;
/** People and pipelines, not fleets: each stream reads the store for itself. */
const MAX_STREAMS = 1_000;
const RETRY_AFTER_SECONDS = 10;

interface Opening {
  readonly project: string;
  readonly filter: EventFilter;
  /** The sequence up to which the client needs nothing; undefined: all that there is now. */
  readonly after: number | undefined;
}

/** The open streams of events: wakes those that an event concerns, keeps them warm and ends them in time. */
@Injectable()
export class EventStreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EventStreams.name);
  private readonly streams = new Map<FollowingStream, Reading>();
  private readonly heartbeat = Buffer.from(HEARTBEAT);
  private timer: NodeJS.Timeout | undefined;
  private cutOffTimer: NodeJS.Timeout | undefined;
  private unsubscribe: () => void = () => undefined;
  private stopMinding: () => void = () => undefined;
  private isStopping = false;

  constructor(
    private readonly events: EventsService,
    private readonly callers: CallerWatch,
    private readonly bus: Bus,
    private readonly drain: Drain,
  ) {}

  /** How many streams are open here. */
  get count(): number {
    return this.streams.size;
  }

  onApplicationBootstrap(): void {
    this.unsubscribe = this.bus.subscribe(EVENT_APPENDED, (event) => {
      for (const [stream, reading] of this.streams) if (concerns(event, reading)) this.bringUpToDate(stream);
    });
    this.drain.lookAfter(() => [...this.streams.keys()].map((stream) => () => stream.leave()));
    this.timer = setInterval(() => {
      for (const stream of this.streams.keys()) stream.beat(this.heartbeat);
      this.bringAllUpToDate();
    }, HEARTBEAT_MS).unref();
    this.stopMinding = this.bus.onGap(() => this.bringAllUpToDate());
    this.cutOffTimer = setInterval(() => {
      if (!this.bus.isConnected) this.bringAllUpToDate();
    }, CUT_OFF_LOOK_MS).unref();
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.unsubscribe();
    this.stopMinding();
    clearInterval(this.timer);
    clearInterval(this.cutOffTimer);
    for (const stream of this.streams.keys()) stream.end();
  }

  /** Turns a reply into a stream of events. Throws `unavailable` when there are too many, and what reading throws. */
  async open(reply: FastifyReply, ctx: RequestContext, { project, filter, after }: Opening): Promise<void> {
    this.refuseTooMany();
    const { reading, newest } = await this.events.start(ctx, project, filter);
    this.refuseTooMany();
    // A position that the store has yet to come to is of a store that was restored since: what is new begins here.
    const position = Math.min(after ?? newest, newest);
    // A client that is cut off before its first event comes back to here.
    const raw = beginSse(reply, `${streamOpening(RETRY_MS)}id: ${position}\n\n`);
    if (raw === undefined) return;
    const stream = new FollowingStream(raw, (...from) => this.events.listAfter(reading, ...from), position);
    this.streams.set(stream, reading);
    const stopWatching = this.callers.watch(ctx, () => stream.end());
    raw.on('drain', () => this.bringUpToDate(stream));
    raw.once('close', () => {
      stopWatching();
      this.streams.delete(stream);
    });
    this.bringUpToDate(stream);
  }

  private bringAllUpToDate(): void {
    for (const stream of this.streams.keys()) this.bringUpToDate(stream);
  }

  private bringUpToDate(stream: FollowingStream): void {
    stream.bringUpToDate().catch((error: unknown) => {
      if (!this.isStopping) this.logger.warn(error, 'Reading events for a stream failed; trying again.');
    });
  }

  private refuseTooMany(): void {
    if (this.isStopping || this.drain.isDraining) throw shuttingDown();
    if (this.streams.size < MAX_STREAMS) return;
    throw unavailable('TOO_MANY_STREAMS', `${MAX_STREAMS} streams of events are open here, which is the most.`, {
      data: { retryAfterSeconds: RETRY_AFTER_SECONDS },
    });
  }
}

function concerns(event: EventAppended, { projectId, filter }: Reading): boolean {
  return (
    event.projectId === projectId &&
    (filter.environmentIds === undefined || filter.environmentIds.some((id) => id === event.environmentId)) &&
    (filter.subject === undefined || filter.subject === event.subject) &&
    (filter.type === undefined || matchesType(filter.type, event.type))
  );
}
