import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { describeThrown } from '../problem.js';
import { type Runtime, untilAborted } from '../runtime.js';
import { type Endpoint, type Failure, failureOf, requestHeaders, unreachable, unreadable } from './endpoint.js';

/** The server's heartbeat is 15 s: three missed ones mean that the connection is dead, whatever TCP believes. */
const SILENCE_LIMIT_MS = 45_000;

/** An event larger than this (in UTF-16 units) is not a snapshot but a mistake. */
const EVENT_LIMIT = 64 * 1024 * 1024;

export interface StreamRequest {
  readonly endpoint: Endpoint;
  readonly lastEventId: string | undefined;
  /** How long the first byte may take; later ones have SILENCE_LIMIT_MS. */
  readonly firstByteMs: number;
}

export interface StreamHandlers {
  /** Bytes arrived. */
  readonly contact: () => void;
  readonly retry: (retryHintMs: number) => void;
  /** Takes an event in; a failure ends the stream. */
  readonly event: (message: EventSourceMessage) => Failure | undefined;
}

/** One connection from its opening to its end, which it answers. Never rejects. */
export async function readStream(
  request: StreamRequest,
  on: StreamHandlers,
  runtime: Runtime,
  stop: AbortSignal,
): Promise<Failure> {
  const connection = new AbortController();
  const abort = () => connection.abort();
  stop.addEventListener('abort', abort);
  const watchdog = new Watchdog(runtime, request.firstByteMs, abort);
  try {
    const response = await open(request, runtime, connection.signal);
    if (response.status !== 200 || !isEventStream(response)) {
      void response.body?.cancel().catch(() => undefined);
      return failureOf(request.endpoint, response, runtime.now());
    }
    return await pump(response, request.endpoint, on, watchdog, connection.signal);
  } catch (thrown) {
    if (watchdog.hasBarked) return silent(request.endpoint, watchdog.livedMs);
    if (watchdog.livedMs === undefined) return unreachable(request.endpoint, describeThrown(thrown));
    return ended(request.endpoint, watchdog.livedMs, describeThrown(thrown));
  } finally {
    watchdog.stop();
    stop.removeEventListener('abort', abort);
    connection.abort();
  }
}

function open(request: StreamRequest, runtime: Runtime, signal: AbortSignal): Promise<Response> {
  const headers = {
    ...requestHeaders(request.endpoint),
    Accept: 'text/event-stream',
    'Cache-Control': 'no-cache',
    ...(request.lastEventId && { 'Last-Event-ID': request.lastEventId }),
  };
  return untilAborted(runtime.fetch(`${request.endpoint.url}/sdk/v1/stream`, { headers, signal }), signal);
}

function isEventStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

async function pump(
  response: Response,
  endpoint: Endpoint,
  on: StreamHandlers,
  watchdog: Watchdog,
  signal: AbortSignal,
): Promise<Failure> {
  let failure: Failure | undefined;
  const parser = createParser({
    maxBufferSize: EVENT_LIMIT,
    onRetry: on.retry,
    onEvent: (message) => {
      failure ??= message.event === 'reconnect' ? moved(endpoint, watchdog.livedMs) : on.event(message);
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') failure ??= unreadable(endpoint, 'an event is too large');
    },
  });
  const decoder = new TextDecoder();
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  while (reader) {
    const chunk = await untilAborted(reader.read(), signal);
    if (chunk.done) break;
    watchdog.pat();
    parser.feed(decoder.decode(chunk.value, { stream: true }));
    if (failure) return failure;
    on.contact();
  }
  return ended(endpoint, watchdog.livedMs, 'the stream ended');
}

function ended(endpoint: Endpoint, livedMs: number | undefined, why: string): Failure {
  return { outcome: { kind: 'ended', livedMs: livedMs ?? 0 }, problem: unreachable(endpoint, why).problem };
}

function moved(endpoint: Endpoint, livedMs: number | undefined): Failure {
  const { problem } = unreachable(endpoint, 'the server asked us to connect again');
  return { outcome: { kind: 'moved', livedMs: livedMs ?? 0 }, problem };
}

function silent(endpoint: Endpoint, livedMs: number | undefined): Failure {
  const { problem } = unreachable(endpoint, 'the stream fell silent');
  return { outcome: { kind: 'silent', livedMs: livedMs ?? 0 }, problem };
}

/** Barks once when nothing arrives for too long. One timer, moved on only when it is due, not with every chunk. */
class Watchdog {
  hasBarked = false;
  readonly #openedAtMs: number;
  #lastByteAtMs: number | undefined;
  #cancel: () => void;

  constructor(
    private readonly runtime: Runtime,
    firstByteMs: number,
    private readonly bark: () => void,
  ) {
    this.#openedAtMs = runtime.elapsedMs();
    this.#cancel = runtime.schedule(firstByteMs, () => this.#look());
  }

  /** From the opening to the last byte; undefined while none has come. */
  get livedMs(): number | undefined {
    return this.#lastByteAtMs === undefined ? undefined : this.#lastByteAtMs - this.#openedAtMs;
  }

  pat(): void {
    this.#lastByteAtMs = this.runtime.elapsedMs();
  }

  stop(): void {
    this.#cancel();
  }

  #look(): void {
    const remainingMs =
      this.#lastByteAtMs === undefined ? 0 : this.#lastByteAtMs + SILENCE_LIMIT_MS - this.runtime.elapsedMs();
    if (remainingMs > 0) {
      this.#cancel = this.runtime.schedule(remainingMs, () => this.#look());
      return;
    }
    this.hasBarked = true;
    this.bark();
  }
}
