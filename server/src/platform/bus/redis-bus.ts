import { Redis } from 'ioredis';
import type { Json } from '../../kernel/json.js';
import type { Topic } from './bus.js';
import { InProcessBus } from './in-process-bus.js';

const CHANNEL_PREFIX = 'sluice:';
/** Nothing is published here: every replica listens, so that replicas can be counted. Patterns cannot be, by listener. */
const PRESENCE_CHANNEL = 'sluice-presence';

/** The bus of several replicas, on Redis publish/subscribe. Reconnects by itself. */
export class RedisBus extends InProcessBus {
  private constructor(
    private readonly publisher: Redis,
    private readonly subscriber: Redis,
    onError: (error: unknown) => void,
  ) {
    super(onError);
    publisher.on('error', onError);
    subscriber.on('error', onError);
    subscriber.on('pmessage', (_pattern: string, channel: string, message: string) => {
      // Only RedisBus.publish writes to these channels, and it writes JSON.
      this.deliver(channel.slice(CHANNEL_PREFIX.length), JSON.parse(message) as Json);
    });
  }

  /**
   * Connects to the Redis at a URL and listens to all topics. Rejects when it cannot be reached now; once connected, a
   * Redis that goes away is waited for.
   */
  static async connect(url: string, onError: (error: unknown) => void): Promise<RedisBus> {
    const open = (): Redis => new Redis(url, { lazyConnect: true });
    const bus = new RedisBus(open(), open(), onError);
    try {
      await Promise.all([bus.publisher.connect(), bus.subscriber.connect()]);
      await bus.subscriber.psubscribe(`${CHANNEL_PREFIX}*`);
      await bus.subscriber.subscribe(PRESENCE_CHANNEL);
    } catch (error) {
      await bus.close();
      throw new Error('REDIS_URL names a Redis that does not answer; is it up?', { cause: error });
    }
    return bus;
  }

  override async publish<P extends Json>(topic: Topic<P>, payload: P): Promise<void> {
    await this.publisher.publish(CHANNEL_PREFIX + topic.name, JSON.stringify(payload));
  }

  override async replicas(): Promise<number> {
    const [, listeners] = await this.publisher.pubsub('NUMSUB', PRESENCE_CHANNEL);
    return Number(listeners);
  }

  override async close(): Promise<void> {
    await super.close();
    this.subscriber.disconnect();
    this.publisher.disconnect();
    return Promise.resolve();
  }
}
