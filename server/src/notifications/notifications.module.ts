import { Module } from '@nestjs/common';
import { EventsModule } from '../events/index.js';
import { ProjectsModule } from '../projects/index.js';
import { WebhookAccess } from './webhook-access.service.js';
import { WebhookCommandsResolver } from './webhook-commands.resolver.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveriesResolver } from './webhook-deliveries.resolver.js';
import { WebhookDeliveries } from './webhook-deliveries.service.js';
import { WebhookDispatchJob } from './webhook-dispatch.job.js';
import { WebhookDispatcher } from './webhook-dispatcher.service.js';
import { WebhookMetrics } from './webhook-metrics.provider.js';
import { WebhookMessages } from './webhook-messages.service.js';
import { WebhookQueueRepository } from './webhook-queue.repository.js';
import { WebhookRetentionJob } from './webhook-retention.job.js';
import { WebhookRetention } from './webhook-retention.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksResolver } from './webhooks.resolver.js';
import { WebhooksRepository } from './webhooks.repository.js';
import { WebhooksService } from './webhooks.service.js';

/** Tells those outside what happens: webhooks. */
@Module({
  imports: [ProjectsModule, EventsModule],
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [
    WebhooksService,
    WebhookAccess,
    WebhookDeliveries,
    WebhookMessages,
    WebhookDispatcher,
    WebhookMetrics,
    WebhookDispatchJob,
    WebhookRetention,
    WebhookRetentionJob,
    WebhooksResolver,
    WebhookDeliveriesResolver,
    WebhookCommandsResolver,
    WebhooksRepository,
    WebhookQueueRepository,
  ],
})
export class NotificationsModule {}
