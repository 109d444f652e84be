import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { GatesConfig } from '../platform/config/gates.js';
import { WebhookSender } from '../platform/webhooks/webhook-sender.adapter.js';
import { signWebhook } from '../platform/webhooks/webhook-signature.provider.js';
import { type GateAnswer, GateCaller, type GateQuestion } from './gate-caller.js';

/**
 * Asks as webhooks are sent: one signed POST (Standard Webhooks 1.0.0), no redirects, never to a refused address, with a
 * bound on the time and on what is read of the answer.
 */
@Injectable()
export class WebhookGateAdapter extends GateCaller {
  constructor(
    private readonly sender: WebhookSender,
    private readonly config: GatesConfig,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async ask({ id, url, timeoutMs, body: said }: GateQuestion): Promise<GateAnswer> {
    const body = JSON.stringify(said);
    const request = { url, headers: this.headersOf(id, body), body, timeoutMs };
    const answer = await this.sender.send(request, new AbortController().signal);
    if (answer.kind === 'unanswered') return { kind: 'waits', sentence: answer.error };
    const { status } = answer;
    if (status >= 200 && status < 300) return { kind: 'agrees' };
    return { kind: 'waits', sentence: `It answered ${status}.` };
  }

  private headersOf(id: string, body: string): Readonly<Record<string, string>> {
    const timestamp = Math.floor(this.clock.now().getTime() / 1_000);
    const { secrets } = this.config;
    const signature =
      secrets.length === 0 ? {} : { 'webhook-signature': signWebhook(secrets, { id, timestamp, body }) };
    return {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Sluice',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      ...signature,
    };
  }
}
