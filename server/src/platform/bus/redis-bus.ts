import type { Json } from '../../kernel/json.js';
import { RedisLink } from '../redis/redis-link.js';
import type { Topic } from './bus.js';
import { InProcessBus } from './in-process-bus.js';

const CHANNEL_PREFIX = 'sluice:';
/** Nothing is published here: every replica listens, so that replicas can be counted. Patterns cannot be, by listener. */
const PRESENCE_CHANNEL = 'sluice-presence';

/**
 * The bus of several replicas, on Redis publish/subscribe. It comes back by itself, and says that there was a gap once
 * Redis has confirmed that it listens again: Redis keeps nothing for those who were away.
 */
export class RedisBus extends InProcessBus {
  private readonly publisher: RedisLink;
  private readonly subscriber: RedisLink;
  private isListening = false;
  private listening: Promise<void> = Promise.resolve();

  private constructor(url: string, onError: (error: unknown) => void) {
    super(onError);
    this.publisher = new RedisLink(url, onError);
    // Both say the same; one of them is enough.
    this.subscriber = new RedisLink(url, () => undefined);
    this.subscriber.redis.on('pmessage', (_pattern: string, channel: string, message: string) =>
      this.hear(channel.slice(CHANNEL_PREFIX.length), message),
    );
    this.subscriber.redis.on('ready', () => void (this.listening = this.listen()));
    this.subscriber.redis.on('close', () => (this.isListening = false));
  }

  /** Listens to all topics at the Redis at a URL; one that is away is waited for afterwards, not here. */
  static async open(url: string, onError: (error: unknown) => void): Promise<RedisBus> {
    const bus = new RedisBus(url, onError);
    await Promise.all([bus.publisher.tried(), bus.subscriber.tried()]);
    await bus.listening;
    return bus;
  }

  override get isConnected(): boolean {
    return this.publisher.isUp && this.isListening;
  }

  override async publish<P extends Json>(topic: Topic<P>, payload: P): Promise<void> {
    await this.publisher.redis.publish(CHANNEL_PREFIX + topic.name, JSON.stringify(payload));
  }

  override async replicas(): Promise<number> {
    const [, listeners] = await this.publisher.redis.pubsub('NUMSUB', PRESENCE_CHANNEL);
    return Number(listeners);
  }

  override async close(): Promise<void> {
    await super.close();
    this.subscriber.close();
    this.publisher.close();
  }

  private async listen(): Promise<void> {
    try {
      await this.subscriber.redis.psubscribe(`${CHANNEL_PREFIX}*`);
      await this.subscriber.redis.subscribe(PRESENCE_CHANNEL);
    } catch (error) {
      // When Redis is away again, it is listened to when it is back.
      if (this.subscriber.isUp) this.onError(error);
      return;
    }
    this.isListening = true;
    this.tellGap();
  }

  /** Anybody may write to a channel, and what is no JSON harms nobody. */
  private hear(topicName: string, message: string): void {
    let payload: Json;
    try {
      // RedisBus.publish wrote it, with the type that the topic's name fixes.
      payload = JSON.parse(message) as Json;
    } catch (error) {
      return this.onError(error);
    }
    this.deliver(topicName, payload);
  }
}
