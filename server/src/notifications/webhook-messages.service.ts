import { Injectable } from '@nestjs/common';
import { type CloudEvent, EventsReader, toCloudEvent } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { Ids } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import type { WebhookAnswer } from '../platform/webhooks/webhook-answer.js';
import { type WebhookRequest, WebhookSender } from '../platform/webhooks/webhook-sender.adapter.js';
import { signWebhook } from '../platform/webhooks/webhook-signature.provider.js';
import { ProjectsReader } from '../projects/index.js';
import { WebhookAccess } from './webhook-access.service.js';
import { secretsAt, type Webhook } from './webhook.js';

/** What a test is called; nobody subscribes to it, so it is no EventType. */
const TEST_TYPE = 'dev.sluice.webhook.tested';

type Receiver = Pick<Webhook, 'url' | 'secret' | 'previousSecret' | 'previousSecretUntil'>;

/** An event in the words that it is told in, and the span in which it happened. */
export interface WebhookEvent {
  readonly told: CloudEvent;
  readonly traceparent: string | undefined;
}

/** Puts events into signed messages and sends them. */
@Injectable()
export class WebhookMessages {
  constructor(
    private readonly transactions: Transactions,
    private readonly access: WebhookAccess,
    private readonly projects: ProjectsReader,
    private readonly events: EventsReader,
    private readonly sender: WebhookSender,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** An event as a project's webhooks are told of it; undefined when it is forgotten. */
  async find(tx: Transaction, sequence: number, projectKey: string): Promise<WebhookEvent | undefined> {
    const [event] = await this.events.findMany(tx, [sequence]);
    if (event === undefined) return undefined;
    const environment =
      event.environmentId === null ? null : await this.projects.environmentById(tx, event.environmentId);
    const told = toCloudEvent(event, { project: projectKey, environment: environment?.key });
    return { told, traceparent: event.traceparent };
  }

  /** Sends one event once; never rejects. */
  send(webhook: Receiver, event: CloudEvent, stop: AbortSignal): Promise<WebhookAnswer> {
    return this.sender.send(signedRequest(webhook, event, this.clock.now()), stop);
  }

  /** Sends a test event, whatever the webhook wants and even when it is off, and tells what came of it. */
  async test(ctx: RequestContext, at: { readonly project: string; readonly id: string }): Promise<WebhookAnswer> {
    const webhook = await this.transactions.read((tx) => this.access.webhook(tx, ctx, at));
    const event = toCloudEvent(
      {
        sequence: 0,
        id: this.ids.next(),
        projectId: webhook.projectId,
        environmentId: null,
        type: TEST_TYPE,
        subject: `webhook/${webhook.id}`,
        data: { message: 'This is a test.' },
        at: this.clock.now(),
      },
      { project: at.project, environment: undefined },
    );
    return this.send(webhook, event, new AbortController().signal);
  }
}

function signedRequest(webhook: Receiver, event: CloudEvent, now: Date): WebhookRequest {
  const body = JSON.stringify(event);
  const timestamp = Math.floor(now.getTime() / 1_000);
  return {
    url: webhook.url,
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Sluice',
      'webhook-id': event.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook(secretsAt(webhook, now), { id: event.id, timestamp, body }),
    },
    body,
  };
}
