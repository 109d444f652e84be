import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/index.js';
import { EventsReader } from '../events/index.js';
import { Clock } from '../kernel/clock.js';
import { conflict } from '../kernel/errors.js';
import { type ExpectedVersion, requireVersion } from '../kernel/expected-version.js';
import { Ids } from '../kernel/ids.js';
import { type Page, type PageRequest, toPage } from '../kernel/page.js';
import type { RequestContext } from '../kernel/request-context.js';
import { type Transaction, Transactions } from '../kernel/transactions.js';
import { WebhookAccess } from './webhook-access.service.js';
import { applyWebhookEdit, parseWebhookDraft, parseWebhookEdit, rotateSecret, type Webhook } from './webhook.js';
import { createSecret } from '../platform/webhooks/webhook-signature.provider.js';
import { WebhooksRepository } from './webhooks.repository.js';

const MAX_WEBHOOKS = 50;

@Injectable()
export class WebhooksService {
  // Seven, because a webhook begins at a place in the log of events.
  constructor(
    private readonly transactions: Transactions,
    private readonly webhooks: WebhooksRepository,
    private readonly access: WebhookAccess,
    private readonly events: EventsReader,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  list(ctx: RequestContext, projectKey: string, page: PageRequest): Promise<Page<Webhook>> {
    return this.transactions.read(async (tx) => {
      const project = await this.access.project(tx, ctx, projectKey);
      return toPage(await this.webhooks.list(tx, project.id, page), page.limit, ({ id }) => id);
    });
  }

  get(ctx: RequestContext, project: string, id: string): Promise<Webhook> {
    return this.transactions.read((tx) => this.access.webhook(tx, ctx, { project, id }));
  }

  /** Creates a webhook that is told of what happens from now on. */
  async create(ctx: RequestContext, projectKey: string, body: unknown): Promise<Webhook> {
    const draft = parseWebhookDraft(body);
    await this.access.refuseHost(draft.url);
    return this.transactions.run(async (tx) => {
      const project = await this.access.project(tx, ctx, projectKey);
      await this.refuseTooMany(tx, project.id);
      const created: Webhook = {
        ...draft,
        id: this.ids.next(),
        projectId: project.id,
        projectKey: project.key,
        secret: createSecret(),
        previousSecret: null,
        previousSecretUntil: null,
        disabledReason: null,
        version: 1,
        createdAt: this.clock.now(),
      };
      await this.webhooks.insert(tx, created, await this.events.newest(tx));
      await this.record(tx, ctx, 'webhook.created', { after: created });
      return created;
    });
  }

  async edit(
    ctx: RequestContext,
    at: { readonly project: string; readonly id: string },
    expected: ExpectedVersion,
    body: unknown,
  ): Promise<Webhook> {
    const edit = parseWebhookEdit(body);
    if (edit.url !== undefined) await this.access.refuseHost(edit.url);
    return this.change(ctx, at, expected, 'webhook.edited', (webhook) => applyWebhookEdit(webhook, edit));
  }

  /** Gives a webhook a new secret; the old one signs beside it for a day. */
  rotate(ctx: RequestContext, at: { readonly project: string; readonly id: string }): Promise<Webhook> {
    return this.change(ctx, at, { kind: 'any' }, 'webhook.rotated', (webhook) =>
      rotateSecret(webhook, createSecret(), this.clock.now()),
    );
  }

  /** Deletes a webhook with all that waits for it, and answers it as it was. */
  delete(
    ctx: RequestContext,
    at: { readonly project: string; readonly id: string },
    expected: ExpectedVersion,
  ): Promise<Webhook> {
    return this.transactions.run(async (tx) => {
      const before = await this.access.webhook(tx, ctx, at);
      requireVersion(expected, before.version);
      await this.webhooks.delete(tx, before);
      await this.record(tx, ctx, 'webhook.deleted', { before });
      return before;
    });
  }

  private change(
    ctx: RequestContext,
    at: { readonly project: string; readonly id: string },
    expected: ExpectedVersion,
    action: string,
    apply: (webhook: Webhook) => Webhook,
  ): Promise<Webhook> {
    return this.transactions.run(async (tx) => {
      const before = await this.access.webhook(tx, ctx, at);
      requireVersion(expected, before.version);
      const after = await this.webhooks.save(tx, apply(before));
      await this.record(tx, ctx, action, { before, after });
      return after;
    });
  }

  private async refuseTooMany(tx: Transaction, projectId: string): Promise<void> {
    if ((await this.webhooks.lockAndCount(tx, projectId)) < MAX_WEBHOOKS) return;
    throw conflict('TOO_MANY_WEBHOOKS', `This project has ${MAX_WEBHOOKS} webhooks, which is the most; delete one.`);
  }

  private record(
    tx: Transaction,
    ctx: RequestContext,
    action: string,
    { before, after }: { readonly before?: Webhook; readonly after?: Webhook },
  ): Promise<void> {
    const webhook = after ?? before;
    return this.audit.record(tx, ctx, action, {
      ...(webhook === undefined ? {} : { projectId: webhook.projectId }),
      subject: `webhook/${webhook?.id ?? ''}`,
      ...(before === undefined ? {} : { before: withoutSecrets(before) }),
      ...(after === undefined ? {} : { after: withoutSecrets(after) }),
    });
  }
}

function withoutSecrets({ secret: _secret, previousSecret: _previous, ...rest }: Webhook): object {
  return rest;
}
