import type { Server } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type SluiceError, unavailable } from '../../kernel/errors.js';
import { ShutdownConfig } from '../config/shutdown.js';
import { departuresDue } from './departures.js';

/** How often some of them leave. */
const STEP_MS = 20;

/** Something that stays open until somebody ends it: sends its client to another server. */
export type Farewell = () => void;

/**
 * Empties a server that others stand in for. First it is not ready, so that no load balancer sends it more; then those
 * who hold something open leave one by one, so that they do not come to the others all at once. Requests are answered to
 * the end.
 */
@Injectable()
export class Drain {
  private readonly logger = new Logger(Drain.name);
  private readonly guests: (() => readonly Farewell[])[] = [];
  private stage: 'serving' | 'leaving' | 'draining' = 'serving';

  constructor(
    private readonly config: ShutdownConfig,
    private readonly http: HttpAdapterHost,
  ) {}

  /** Whether the server is about to end, and others are to be asked. */
  get isLeaving(): boolean {
    return this.stage !== 'serving';
  }

  /** Names those whose clients are to be sent elsewhere; asked once, when the time has come. */
  lookAfter(guests: () => readonly Farewell[]): void {
    this.guests.push(guests);
  }

  /** Whether nothing more is to be opened here that stays. */
  get isDraining(): boolean {
    return this.stage === 'draining';
  }

  /** Resolves when all have left. Afterwards the server may be closed. A second call does nothing. */
  async run(): Promise<void> {
    if (this.isLeaving) return;
    this.stage = 'leaving';
    await later(this.config.leadMs);
    this.stage = 'draining';
    // Node says "Connection: close" in each answer from now on: no client comes back by a connection that it has.
    (this.http.httpAdapter.getHttpServer() as Server).maxRequestsPerSocket = 1;
    const farewells = shuffled(this.guests.flatMap((guests) => guests()));
    if (farewells.length > 0) this.logger.log(`Sending ${farewells.length} streams to other servers`);
    const startMs = performance.now();
    for (let gone = 0; gone < farewells.length; await later(STEP_MS)) {
      const due = departuresDue(farewells.length, performance.now() - startMs, this.config.drainMs);
      for (const leave of farewells.slice(gone, due)) leave();
      gone = due;
    }
  }
}

/** What is told to whoever comes to a server that ends. */
export function shuttingDown(): SluiceError {
  return unavailable('SHUTTING_DOWN', 'This server is shutting down; connect again.', {
    data: { retryAfterSeconds: 1 },
  });
}

/** Those of one kind, or of one client, are not to leave one after the other (Fisher and Yates). */
function shuffled<T>(things: readonly T[]): readonly T[] {
  const mixed = [...things];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    // Both are places of the list.
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T];
  }
  return mixed;
}
