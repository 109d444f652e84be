import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '../kernel/errors.js';
import { isId } from '../kernel/ids.js';
import type { RequestContext } from '../kernel/request-context.js';
import type { Transaction } from '../kernel/transactions.js';
import { WebhookConfig } from '../platform/config/webhooks.js';
import { AddressRefused, refuseHost } from '../platform/webhooks/address-rules.adapter.js';
import { type Project, ProjectsReader } from '../projects/index.js';
import type { Webhook } from './webhook.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** What use cases of webhooks ask first: may the caller, is it there, may it go there. */
@Injectable()
export class WebhookAccess {
  constructor(
    private readonly projects: ProjectsReader,
    private readonly webhooks: WebhooksRepository,
    private readonly config: WebhookConfig,
  ) {}

  /** The project; webhooks hear of all of it, so `forbidden` for callers bound to an environment. */
  project(tx: Transaction, ctx: RequestContext, key: string): Promise<Project> {
    return this.projects.wholeProject(tx, ctx, key);
  }

  /** A webhook of the project; throws `notFound` when there is none. */
  async webhook(
    tx: Transaction,
    ctx: RequestContext,
    at: { readonly project: string; readonly id: string },
  ): Promise<Webhook> {
    const project = await this.project(tx, ctx, at.project);
    const webhook = isId(at.id) ? await this.webhooks.find(tx, project.id, at.id) : null;
    if (webhook !== null) return webhook;
    throw notFound('WEBHOOK_NOT_FOUND', `Project "${at.project}" has no webhook "${at.id}".`);
  }

  /** Throws `invalid` for a URL whose host webhooks never go to. Asks the name service, so call it outside of transactions. */
  async refuseHost(url: string): Promise<void> {
    try {
      await refuseHost(new URL(url), this.config.allowPrivate);
    } catch (error) {
      if (!(error instanceof AddressRefused)) throw error;
      throw invalid('WEBHOOK_HOST_REFUSED', error.message);
    }
  }
}
