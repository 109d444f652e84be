import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { unavailable } from '../kernel/errors.js';
import { Bus } from '../platform/bus/bus.js';
import { EVENT_APPENDED, type EventAppended } from './event-appended.js';

/** Bounds what requests that wait can take of a server's memory. */
const MAX_WAITING = 10_000;
const RETRY_AFTER_SECONDS = 5;

/** Which events a caller waits for: all of a project, or those whose subject begins so. */
export interface AwaitedEvents {
  readonly projectId: string;
  readonly subjectPrefix?: string | undefined;
}

/**
 * Why a wait is over. `appended`: an awaited event, or a gap in which one may have been missed; `aborted` covers the
 * caller's own signal and the server's shutdown.
 */
export type WaitEnd = 'appended' | 'timedOut' | 'aborted';

interface Waiting {
  readonly isAwaited: (event: EventAppended) => boolean;
  readonly end: (why: WaitEnd) => void;
}

/** Wakes those in this process who wait for something to happen. */
@Injectable()
export class EventSignals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly waiting = new Set<Waiting>();
  private readonly unsubscribe: (() => void)[] = [];
  private isStopping = false;

  constructor(private readonly bus: Bus) {}

  onApplicationBootstrap(): void {
    this.unsubscribe.push(
      this.bus.subscribe(EVENT_APPENDED, (event) => {
        for (const each of this.waiting) if (each.isAwaited(event)) each.end('appended');
      }),
      this.bus.onGap(() => {
        for (const each of this.waiting) each.end('appended');
      }),
    );
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    for (const each of this.waiting) each.end('aborted');
  }

  /**
   * Resolves at the next awaited event, never rejects but with `unavailable` when too many wait. To miss nothing, call
   * it first, read the store, and await it only if what was read is not enough yet. The bus may lose a message, so
   * give a time-out of some seconds, read again and call again.
   */
  next(
    awaited: AwaitedEvents,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<WaitEnd> {
    if (this.isStopping || signal?.aborted === true) return Promise.resolve('aborted');
    if (this.waiting.size >= MAX_WAITING) return Promise.reject(tooMany());
    return new Promise((resolve) => {
      const end = (why: WaitEnd): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.waiting.delete(waiting);
        resolve(why);
      };
      const onAbort = (): void => end('aborted');
      const timer = setTimeout(() => end('timedOut'), timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      const waiting: Waiting = { isAwaited: (event) => isAwaited(event, awaited), end };
      this.waiting.add(waiting);
    });
  }
}

function isAwaited(event: EventAppended, { projectId, subjectPrefix }: AwaitedEvents): boolean {
  return event.projectId === projectId && event.subject.startsWith(subjectPrefix ?? '');
}

function tooMany(): Error {
  return unavailable('TOO_MANY_WAITING', `${MAX_WAITING} requests wait here already; ask again in a moment.`, {
    data: { retryAfterSeconds: RETRY_AFTER_SECONDS },
  });
}
