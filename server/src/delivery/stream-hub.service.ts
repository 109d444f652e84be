import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type AccessToken, TokenDirectory } from '../auth/index.js';
import { type SluiceError, unauthenticated, unavailable } from '../kernel/errors.js';
import { HEARTBEAT, RECONNECT } from '../platform/http/sse-frame.js';
import { beginSse } from '../platform/http/sse-response.js';
import { Drain, shuttingDown } from '../platform/shutdown/drain.service.js';
import { Tally } from '../platform/metrics/tally.js';
import { EventStream, type Feed } from './event-stream.adapter.js';
import type { PreparedSnapshot } from './prepared-snapshot.provider.js';
import { environmentGone, SnapshotCache } from './snapshot-cache.service.js';

/** How often each audience is shown that its streams live; flagd's clients are used to 20 s. */
const HEARTBEAT_MS = { sdk: 15_000, ofrep: 15_000, flagd: 20_000 };
/**
 * Enough for any fleet of services; it bounds the memory an environment's streams can take. Each audience has its own,
 * so that nobody can lock services out with the token that is in every browser.
 */
const MAX_STREAMS = 10_000;
/** Streams written to before other work gets its turn. */
const BATCH = 500;
const RETRY_AFTER_SECONDS = 10;

const AUDIENCES = ['sdk', 'ofrep', 'flagd'] as const;
/** What each is told before it is sent to another server; the others know no such word, and just come back. */
const LAST_WORDS = { sdk: RECONNECT, ofrep: '', flagd: '' };
type Audience = (typeof AUDIENCES)[number];

/** One open stream, as the hub keeps it. */
export interface SnapshotStream {
  /** Brings the client to a snapshot, now or when it has taken what it was sent before. */
  bringTo(snapshot: PreparedSnapshot): void;
  /** Shows that the stream lives; gives up a client that has taken nothing for a minute. */
  beat(heartbeat: Buffer): void;
  close(reason: SluiceError): void;
  /** Ends so that the client comes back to another server. */
  leave(lastWord: string): void;
  onClose(listener: () => void): void;
}

/** Who a stream is for. */
interface Listener {
  readonly audience: Audience;
  readonly token: AccessToken;
  readonly environmentId: string;
}

interface Opening extends Listener {
  readonly feed: Feed;
  /** What the client says it has. */
  readonly lastEventId: string | undefined;
  /** What the stream begins with, besides what the feed has to say. */
  readonly preamble: string;
}

/** The streams of one environment and audience. */
interface Channel {
  readonly audience: Audience;
  readonly streams: Set<SnapshotStream>;
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
  private timers: readonly NodeJS.Timeout[] = [];
  private isStopping = false;

  constructor(
    private readonly cache: SnapshotCache,
    private readonly tokens: TokenDirectory,
    private readonly drain: Drain,
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
    this.drain.lookAfter(() => this.farewells());
    this.timers = AUDIENCES.map((audience) =>
      setInterval(() => void this.beat(audience), HEARTBEAT_MS[audience]).unref(),
    );
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const { streams } of this.channels.values()) for (const stream of streams) stream.close(shuttingDown());
  }

  /** Turns a reply into a stream at the given snapshot. Throws `unavailable` when there are too many. */
  open(reply: FastifyReply, snapshot: PreparedSnapshot, opening: Opening): void {
    this.keep(opening, snapshot, () => {
      const raw = beginSse(reply, opening.preamble);
      return raw && new EventStream(raw, opening.feed, opening.lastEventId);
    });
  }

  /**
   * Keeps a stream at the newest snapshot for as long as it is open; undefined: its client has left while its token and
   * snapshot were looked up. Throws `unavailable`, before it is begun, when there are too many.
   */
  keep(listener: Listener, snapshot: PreparedSnapshot, begin: () => SnapshotStream | undefined): void {
    const channel = this.channelFor(listener);
    const stream = begin();
    if (stream === undefined) return;
    // It may have been succeeded since the caller looked; from here to the set nothing can come between.
    stream.bringTo(this.cache.peek(listener.environmentId) ?? snapshot);
    channel.streams.add(stream);
    this.opened.cell({ audience: listener.audience }).count += 1;
    const stopWatching = this.tokens.watchEnd(listener.token, () => stream.close(tokenEnded()));
    stream.onClose(() => {
      stopWatching();
      channel.streams.delete(stream);
    });
  }

  private channelFor({ audience, environmentId }: Pick<Opening, 'audience' | 'environmentId'>): Channel {
    if (this.isStopping || this.drain.isDraining) throw shuttingDown();
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

  private farewells(): readonly (() => void)[] {
    return [...this.channels.values()].flatMap(({ audience, streams }) =>
      [...streams].map((stream) => () => stream.leave(LAST_WORDS[audience])),
    );
  }

  private bringUpToDate(environmentId: string, stream: SnapshotStream): void {
    const snapshot = this.cache.peek(environmentId);
    if (snapshot !== undefined) stream.bringTo(snapshot);
  }

  /** One round at a time; news that comes during a round makes another one. */
  private async tell(name: string, environmentId: string, snapshot: PreparedSnapshot | undefined): Promise<void> {
    const channel = this.channels.get(name);
    if (channel === undefined) return;
    if (snapshot === undefined) return inBatches(channel.streams, (stream) => stream.close(environmentGone()));
    channel.hasNews = true;
    if (channel.isPumping) return;
    channel.isPumping = true;
    while (channel.hasNews) {
      channel.hasNews = false;
      await inBatches(channel.streams, (stream) => this.bringUpToDate(environmentId, stream));
    }
    channel.isPumping = false;
  }

  private async beat(toAudience: Audience): Promise<void> {
    for (const { audience, streams } of this.channels.values()) {
      if (audience === toAudience) await inBatches(streams, (stream) => stream.beat(this.heartbeat));
    }
  }
}

function tokenEnded(): SluiceError {
  return unauthenticated('TOKEN_REFUSED', 'The token of this stream has expired or was revoked; use another.');
}

/** Visits streams, letting the event loop breathe; those that open meanwhile need no visit, and get one. */
async function inBatches(streams: ReadonlySet<SnapshotStream>, visit: (stream: SnapshotStream) => void): Promise<void> {
  let count = 0;
  for (const stream of streams) {
    visit(stream);
    count += 1;
    if (count % BATCH === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
