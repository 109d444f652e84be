import type { Snapshot } from '../evaluation/snapshot.js';
import { describeThrown } from '../problem.js';
import { type Runtime, untilAborted } from '../runtime.js';
import { type Endpoint, type Failure, failureOf, requestHeaders, unreachable, unreadable } from './endpoint.js';
import { parseSnapshot } from '../evaluation/parse-snapshot.js';

export type PollResult =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly etag: string | undefined }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** No snapshot is worth waiting longer for. */
const POLL_TIMEOUT_MS = 10_000;

/** Asks once for the snapshot, unless it still is the one `etag` names. Never rejects. */
export async function pollSnapshot(
  endpoint: Endpoint,
  etag: string | undefined,
  runtime: Runtime,
  stop: AbortSignal,
): Promise<PollResult> {
  const request = new AbortController();
  const abort = () => request.abort();
  stop.addEventListener('abort', abort);
  const cancelTimeout = runtime.schedule(POLL_TIMEOUT_MS, abort);
  try {
    const headers = { ...requestHeaders(endpoint), Accept: 'application/json', ...(etag && { 'If-None-Match': etag }) };
    const pending = runtime.fetch(`${endpoint.url}/sdk/v1/snapshot`, { headers, signal: request.signal });
    const response = await untilAborted(pending, request.signal);
    if (response.status === 304) return { kind: 'unchanged' };
    if (response.status !== 200) {
      void response.body?.cancel().catch(() => undefined);
      return { kind: 'failed', failure: failureOf(endpoint, response, runtime.now()) };
    }
    return read(endpoint, response, await untilAborted(response.text(), request.signal));
  } catch (thrown) {
    const why = request.signal.aborted ? `no answer within ${POLL_TIMEOUT_MS / 1000} s` : describeThrown(thrown);
    return { kind: 'failed', failure: unreachable(endpoint, why) };
  } finally {
    cancelTimeout();
    stop.removeEventListener('abort', abort);
  }
}

function read(endpoint: Endpoint, response: Response, body: string): PollResult {
  try {
    return { kind: 'snapshot', snapshot: parseSnapshot(body), etag: response.headers.get('etag') ?? undefined };
  } catch (thrown) {
    return { kind: 'failed', failure: unreadable(endpoint, describeThrown(thrown)) };
  }
}
