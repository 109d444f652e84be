import type { IncomingMessage } from 'node:http';
import { BodyCapture, type CaptureBudget } from './body-capture.js';
import type { ReceivedAnswer } from './observed-answer.js';
import type { RequestHead } from './request-head.js';
import { TransportError } from './transport-error.js';
import type { Upstream } from './upstream.js';

export interface CopySettings {
  readonly maxBodyBytes: number;
  readonly budget: CaptureBudget;
  /** Any of them ends the exchange: nobody wants its answer any more. */
  readonly signals: readonly AbortSignal[];
}

/**
 * Sends a request once, never again, and answers with what came back, of whose body at most so much is read. Rejects
 * with a TransportError when nothing whole did.
 */
export function sendCopy(
  upstream: Upstream,
  head: RequestHead,
  body: readonly Uint8Array[] | undefined,
  { maxBodyBytes, budget, signals }: CopySettings,
): Promise<ReceivedAnswer> {
  return new Promise((resolve, reject) => {
    const capture = new BodyCapture(maxBodyBytes, budget);
    const request = upstream.request(head);
    let isSettled = false;
    const settle = (answer: ReceivedAnswer | TransportError): void => {
      if (isSettled) return;
      isSettled = true;
      capture.release();
      for (const signal of signals) signal.removeEventListener('abort', abort);
      if (answer instanceof TransportError) reject(answer);
      else resolve(answer);
    };
    const abort = (): void => {
      request.destroy();
      settle(new TransportError('timedOut'));
    };
    const close = (): void => {
      if (!isSettled) settle(new TransportError('reset'));
    };
    const receive = (response: IncomingMessage): void => {
      const answered = (bytes: Buffer | undefined): ReceivedAnswer => ({
        method: head.method,
        status: response.statusCode ?? 0,
        lines: response.rawHeaders,
        body: bytes,
      });
      response.on('data', (chunk: Buffer) => {
        capture.add(chunk);
        if (!capture.isOver) return;
        settle(answered(undefined));
        request.destroy();
      });
      response.on('end', () => settle(answered(Buffer.concat(capture.chunks))));
      response.on('error', (error) => settle(TransportError.from(error)));
      response.on('close', close);
    };
    request.on('response', receive);
    request.on('error', (error) => settle(TransportError.from(error)));
    // As when it answers with an upgrade that nobody asked for.
    request.on('close', close);
    if (signals.some(({ aborted }) => aborted)) {
      abort();
      return;
    }
    for (const signal of signals) signal.addEventListener('abort', abort);
    for (const chunk of body ?? []) request.write(chunk);
    request.end();
  });
}
