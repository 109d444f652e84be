import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type AccessToken, TokenDirectory } from '../auth/index.js';
import { unavailable } from '../kernel/errors.js';
import { HEARTBEAT } from '../platform/http/sse-frame.js';
import { beginSse } from '../platform/http/sse-response.js';
import { Tally } from '../platform/metrics/tally.js';
import { EventStream, type Feed } from './event-stream.adapter.js';
import type { PreparedSnapshot } from './prepared-snapshot.provider.js';
import { SnapshotCache } from './snapshot-cache.service.js';

const HEARTBEAT_MS = 15_000;
/**
 * Enough for any fleet of services; it bounds the memory an environment's streams can take. Each audience has its own,
 * so that nobody can lock services out with the token that is in every browser.
 */
const MAX_STREAMS = 10_000;
/** Streams written to before other work gets its turn. */
const BATCH = 500;
const RETRY_AFTER_SECONDS = 10;

const AUDIENCES = ['sdk', 'ofrep'] as const;
type Audience = (typeof AUDIENCES)[number];

interface Opening {
  readonly audience: Audience;
  readonly token: AccessToken;
  readonly environmentId: string;
  readonly feed: Feed;
  /** What the client says it has. */
  readonly lastEventId: string | undefined;
  /** What the stream begins with, besides what the feed has to say. */
  readonly preamble: string;
}

/** The streams of one environment and audience. */
interface Channel {
  readonly audience: Audience;
  readonly streams: Set<EventStream>;
  isPumping: boolean;
  hasNews: boolean;
}

/** All open event streams: brings them to each new snapshot, keeps them warm and ends them when their time has come. */
@Injectable()
export class StreamHub implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly channels = new Map<string, Channel>();
  /** Streams opened here, those that have ended among them. */
  readonly opened = new Tally(AUDIENCES.map((audience) => ({ audience })));
  private readonly heartbeat = Buffer.from(HEARTBEAT);
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly cache: SnapshotCache,
    private readonly tokens: TokenDirectory,
  ) {}

  /** How many streams are open here. */
  get count(): number {
    return [...this.counts().values()].reduce((sum, count) => sum + count, 0);
  }

  /** How many streams of each audience are open here. */
  counts(): ReadonlyMap<Audience, number> {
    const counts = new Map(AUDIENCES.map((audience): [Audience, number] => [audience, 0]));
    for (const { audience, streams } of this.channels.values()) {
      counts.set(audience, (counts.get(audience) ?? 0) + streams.size);
    }
    return counts;
  }

  onApplicationBootstrap(): void {
    this.cache.onChange((environmentId, snapshot) => {
      for (const audience of AUDIENCES) void this.tell(`${audience} ${environmentId}`, environmentId, snapshot);
    });
    this.timer = setInterval(() => void this.beat(), HEARTBEAT_MS).unref();
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    clearInterval(this.timer);
    for (const { streams } of this.channels.values()) for (const stream of streams) stream.end();
  }

  /** Turns a reply into a stream at the given snapshot. Throws `unavailable` when there are too many. */
  open(reply: FastifyReply, snapshot: PreparedSnapshot, opening: Opening): void {
    const channel = this.channelFor(opening);
    const raw = beginSse(reply, opening.preamble);
    // The client may have left while its token and snapshot were looked up.
    if (raw === undefined) return;
    const stream = new EventStream(raw, opening.feed, opening.lastEventId);
    // It may have been succeeded since the caller looked; from here to the set nothing can come between.
    stream.bringTo(this.cache.peek(opening.environmentId) ?? snapshot);
    channel.streams.add(stream);
    this.opened.cell({ audience: opening.audience }).count += 1;
    const stopWatching = this.tokens.watchEnd(opening.token, () => stream.end());
    raw.on('drain', () => this.bringUpToDate(opening.environmentId, stream));
    raw.once('close', () => {
      stopWatching();
      channel.streams.delete(stream);
    });
  }

  private channelFor({ audience, environmentId }: Pick<Opening, 'audience' | 'environmentId'>): Channel {
    if (this.isStopping) {
      throw unavailable('SHUTTING_DOWN', 'This server is shutting down; connect again.', {
        data: { retryAfterSeconds: 1 },
      });
    }
    const name = `${audience} ${environmentId}`;
    const channel = this.channels.get(name) ?? { audience, streams: new Set(), isPumping: false, hasNews: false };
    this.channels.set(name, channel);
    if (channel.streams.size < MAX_STREAMS) return channel;
    throw unavailable(
      'TOO_MANY_STREAMS',
      `This environment has ${MAX_STREAMS} streams open here, which is the most; poll, or try again.`,
      { data: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
    );
  }

  private bringUpToDate(environmentId: string, stream: EventStream): void {
    const snapshot = this.cache.peek(environmentId);
    if (snapshot !== undefined) stream.bringTo(snapshot);
  }

  /** One round at a time; news that comes during a round makes another one. */
  private async tell(name: string, environmentId: string, snapshot: PreparedSnapshot | undefined): Promise<void> {
    const channel = this.channels.get(name);
    if (channel === undefined) return;
    if (snapshot === undefined) return inBatches(channel.streams, (stream) => stream.end());
    channel.hasNews = true;
    if (channel.isPumping) return;
    channel.isPumping = true;
    while (channel.hasNews) {
      channel.hasNews = false;
      await inBatches(channel.streams, (stream) => this.bringUpToDate(environmentId, stream));
    }
    channel.isPumping = false;
  }

  private async beat(): Promise<void> {
    for (const { streams } of this.channels.values()) {
      await inBatches(streams, (stream) => stream.beat(this.heartbeat));
    }
  }
}

/** Visits streams, letting the event loop breathe; those that open meanwhile need no visit, and get one. */
async function inBatches(streams: ReadonlySet<EventStream>, visit: (stream: EventStream) => void): Promise<void> {
  let count = 0;
  for (const stream of streams) {
    visit(stream);
    count += 1;
    if (count % BATCH === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
