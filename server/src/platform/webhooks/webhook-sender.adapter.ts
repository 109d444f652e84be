import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Injectable } from '@nestjs/common';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { WebhookConfig } from '../config/webhooks.js';
import { currentTraceparent, inSpan } from '../tracing/spans.js';
import { AddressRefused, addressOf, guardedLookup, objectionToAddress } from './address-rules.adapter.js';
import type { WebhookAnswer } from './webhook-answer.js';

/** What a receiver may still say after its headers; nobody reads it. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_ERROR_LENGTH = 300;

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the first packet to the answer's headers; absent: as webhooks have it. */
  readonly timeoutMs?: number;
}

/** Sends webhooks: one POST, no redirects, never to a refused address, no proxy, one connection each. */
@Injectable()
export class WebhookSender {
  private readonly lookup;

  constructor(private readonly config: WebhookConfig) {
    this.lookup = guardedLookup(config.allowPrivate);
  }

  /** Tells what the receiver said; never rejects. Who receives it hears which trace it is a part of. */
  send(message: WebhookRequest, stop: AbortSignal): Promise<WebhookAnswer> {
    const { host } = new URL(message.url);
    const attributes = { 'http.request.method': 'POST', 'server.address': host };
    return inSpan('POST', { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const traceparent = currentTraceparent();
      const headers = traceparent === undefined ? message.headers : { ...message.headers, traceparent };
      const answer = await this.attempt({ ...message, headers }, stop);
      if (answer.kind === 'answered') span.setAttribute('http.response.status_code', answer.status);
      else span.setStatus({ code: SpanStatusCode.ERROR });
      return answer;
    });
  }

  private async attempt(message: WebhookRequest, stop: AbortSignal): Promise<WebhookAnswer> {
    const url = new URL(message.url);
    const address = addressOf(url);
    const objection = address === undefined ? undefined : objectionToAddress(address, this.config.allowPrivate);
    if (objection !== undefined) return { kind: 'unanswered', error: objection };
    const { timeoutMs = this.config.timeoutMs } = message;
    const tooLong = AbortSignal.timeout(timeoutMs);
    try {
      return { kind: 'answered', status: await this.post(url, message, AbortSignal.any([tooLong, stop])) };
    } catch (error) {
      const why = tooLong.aborted ? `The receiver did not answer within ${timeoutMs} ms.` : inWords(error);
      return { kind: 'unanswered', error: why.slice(0, MAX_ERROR_LENGTH) };
    }
  }

  /** The status is all that counts, so it is answered as soon as it is known. */
  private post(url: URL, { headers, body }: WebhookRequest, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = url.protocol === 'https:' ? requestHttps : requestHttp;
      const bytes = Buffer.from(body);
      const sent = request(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': bytes.length },
        agent: false,
        // Its types ask for what Node's own lookup answers; ours answers the same.
        lookup: this.lookup as never,
        signal,
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        resolve(response.statusCode ?? 0);
        let left = MAX_ANSWER_BYTES;
        response.on('error', () => undefined);
        response.on('data', (chunk: Buffer) => {
          left -= chunk.length;
          if (left < 0) response.destroy();
        });
      });
      sent.end(bytes);
    });
  }
}

function inWords(error: unknown): string {
  if (error instanceof AddressRefused) return error.message;
  // Node's requests fail with its errors; one that tried several addresses has no message, but a code.
  const { message, code } = error as NodeJS.ErrnoException;
  return `The receiver could not be reached: ${message === '' ? (code ?? 'unknown') : message}.`;
}
