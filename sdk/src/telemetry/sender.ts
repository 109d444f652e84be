import { retryAfterMs } from '../delivery/backoff.js';
import { type Endpoint, requestHeaders } from '../delivery/endpoint.js';
import { type Runtime, untilAborted } from '../runtime.js';
import type { TelemetryBatch } from './batch.js';
import { type SendOutcome, sendOutcome } from './report-policy.js';

const SEND_TIMEOUT_MS = 10_000;

/** Posts one batch. Never rejects: no answer is an outcome too. */
export async function sendBatch(
  endpoint: Endpoint,
  batch: TelemetryBatch,
  runtime: Runtime,
  stop: AbortSignal,
): Promise<SendOutcome> {
  const request = new AbortController();
  const abort = () => request.abort();
  stop.addEventListener('abort', abort);
  if (stop.aborted) abort();
  const cancelTimeout = runtime.schedule(SEND_TIMEOUT_MS, abort);
  try {
    const pending = runtime.fetch(`${endpoint.url}/sdk/v1/telemetry`, {
      method: 'POST',
      headers: { ...requestHeaders(endpoint), 'Content-Type': 'application/json' },
      body: JSON.stringify(batch),
      signal: request.signal,
    });
    const response = await untilAborted(pending, request.signal);
    void response.body?.cancel().catch(() => undefined);
    return sendOutcome(response.status, retryAfterMs(response.headers.get('retry-after'), runtime.now()));
  } catch {
    return { kind: 'uncertain' };
  } finally {
    cancelTimeout();
    stop.removeEventListener('abort', abort);
  }
}
