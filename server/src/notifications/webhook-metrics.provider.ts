import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Metrics, sample } from '../platform/metrics/metrics.js';
import { WebhookDispatcher } from './webhook-dispatcher.service.js';

/** What becomes of webhooks. Which one it is stands in the control room: there may be many. */
@Injectable()
export class WebhookMetrics {
  constructor(metrics: Metrics, dispatcher: WebhookDispatcher, clock: Clock) {
    metrics.add(
      {
        sluice_webhook_attempts_total: {
          type: 'counter',
          help: 'Attempts of this replica by what became of the delivery: delivered, waiting for another one, failed.',
        },
      },
      () => ({ sluice_webhook_attempts_total: dispatcher.attempts.samples() }),
    );
    metrics.add(
      {
        sluice_webhook_deliveries_waiting: {
          type: 'gauge',
          help: 'Deliveries still to be made, those to be tried again among them; the same from every replica.',
        },
        sluice_webhook_overdue_seconds: {
          type: 'gauge',
          help: 'How long the first of them has been due; 0 when none is; the same from every replica.',
        },
      },
      async () => {
        const { waiting, dueSince } = await dispatcher.backlog();
        const lateMs = dueSince === null ? 0 : Math.max(0, clock.now().getTime() - dueSince.getTime());
        return {
          sluice_webhook_deliveries_waiting: [sample(waiting)],
          sluice_webhook_overdue_seconds: [sample(lateMs / 1_000)],
        };
      },
    );
  }
}
