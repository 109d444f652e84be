import { Redis } from 'ioredis';

/** The longest pause before another attempt to connect, in milliseconds: as long as the sweeps that stand in meanwhile. */
const LONGEST_PAUSE_MS = 1_000;
/** A Redis that takes longer for an answer is away, whatever its socket says. */
export const ANSWER_MS = 2_000;
/** How often a link that may be idle asks whether somebody is at its other end. */
const PULSE_MS = 1_000;

/** What all connections share: they come back by themselves, for as long as they are not closed. */
export const RECONNECTING = {
  retryStrategy: (attempt: number) => Math.min(attempt * 50, LONGEST_PAUSE_MS),
  connectTimeout: ANSWER_MS,
  // ioredis waits so long for the end of a socket, also of one that has ended long ago.
  disconnectTimeout: 200,
};

/**
 * A connection to a Redis that may be away, now or later: a command is answered or rejects within ANSWER_MS, and at once
 * while there is no connection. Nothing waits in it for better times: those who use it have something else to do then.
 */
export class RedisLink {
  readonly redis: Redis;
  private readonly pulse: NodeJS.Timeout;

  /** `onAway` hears once of each time that Redis went away, or was not there in the first place. */
  constructor(url: string, onAway: (error: unknown) => void) {
    this.redis = new Redis(url, {
      ...RECONNECTING,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      socketTimeout: ANSWER_MS,
    });
    tellOnce(this.redis, onAway);
    // A socket whose other end hangs, or is cut off, says nothing by itself.
    this.pulse = setInterval(() => {
      if (this.isUp) this.redis.ping().catch(() => undefined);
    }, PULSE_MS).unref();
  }

  get isUp(): boolean {
    return this.redis.status === 'ready';
  }

  /** Resolves when it is up, or when the first attempt has failed. */
  async tried(): Promise<void> {
    if (this.isUp) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        this.redis.off('ready', end).off('close', end);
        resolve();
      };
      this.redis.on('ready', end).on('close', end);
    });
  }

  close(): void {
    clearInterval(this.pulse);
    this.redis.disconnect();
  }
}

/** Tells of the first error since a connection was up; those that follow say the same. */
export function tellOnce(redis: Redis, onAway: (error: unknown) => void): void {
  let isTold = false;
  redis.on('ready', () => (isTold = false));
  redis.on('error', (error) => {
    if (!isTold) onAway(error);
    isTold = true;
  });
}
