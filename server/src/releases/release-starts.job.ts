import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Sweep } from '../platform/jobs/sweep.js';
import { ReleaseQueue } from './release-queue.service.js';

const SWEEP_MS = 1_000;

/** Starts releases whose time has come. */
@Injectable()
export class ReleaseStartsJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(queue: ReleaseQueue) {
    this.sweep = new Sweep(() => queue.startDue(), {
      everyMs: SWEEP_MS,
      what: 'Starting releases whose time has come',
    });
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }
}
