import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EVENT_APPENDED } from '../events/index.js';
import { Bus } from '../platform/bus/bus.js';
import { Sweep } from '../platform/jobs/sweep.js';
import { WebhookDispatcher } from './webhook-dispatcher.service.js';

/** How late an attempt that is due may begin. */
const SWEEP_MS = 1_000;

/** Wakes the dispatcher when something has happened, and every second for what is to be tried again. */
@Injectable()
export class WebhookDispatchJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly dispatcher: WebhookDispatcher,
    private readonly bus: Bus,
  ) {
    this.sweep = new Sweep(() => dispatcher.dispatch(), { everyMs: SWEEP_MS, what: 'Queueing webhooks' });
  }

  onApplicationBootstrap(): void {
    this.unsubscribe = this.bus.subscribe(EVENT_APPENDED, () => this.sweep.wake());
    this.sweep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    const closed = this.dispatcher.close();
    await this.sweep.stop();
    await closed;
  }
}
