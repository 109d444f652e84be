import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { badGateway } from './bad-gateway.js';
import { BodyCapture, type CaptureBudget } from './body-capture.js';
import type { Counters } from './counters.js';
import { eachField, endToEnd, withoutField } from './field-lines.js';
import { incomparable, isEndless, type ObservedAnswer, type ReceivedAnswer } from './observed-answer.js';
import type { RequestHead } from './request-head.js';
import { TransportError } from './transport-error.js';
import type { Upstream } from './upstream.js';

/** What a call needs of the proxy. */
export interface PrimaryCallParts {
  readonly primary: Upstream;
  readonly maxBodyBytes: number;
  readonly budget: CaptureBudget;
  readonly counters: Counters;
  /** Makes of an answer what is compared of it. */
  readonly observe: (answer: ReceivedAnswer) => Promise<ObservedAnswer>;
}

/** Methods that a lost request may be sent again with, as by any client of the primary's (RFC 9110, 9.2.2). */
const REPEATABLE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
const ATTEMPTS = 3;

/** One caller's request, passed on to the primary: bytes flow as they come, both ways, whoever else looks at them. */
export class PrimaryCall {
  /** Counts the connections that were closed, after long idleness, as the request was sent over them. */
  #attempts = 0;
  #upstream: ClientRequest | undefined;
  #hasAnswer = false;
  #isOver = false;
  #capture: BodyCapture | undefined;
  #isCompared = false;
  #outcome: (() => Promise<ObservedAnswer>) | undefined;
  #settle: ((outcome: Promise<ObservedAnswer>) => void) | undefined;
  #withdrawn: AbortController | undefined;

  constructor(
    private readonly parts: PrimaryCallParts,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    private readonly head: RequestHead,
  ) {
    response.sendDate = false;
    response.on('close', () => this.#callerIsGone());
    response.on('error', () => response.destroy());
  }

  /** Sends the head, and the body as it comes. */
  send(hasBody: boolean): void {
    const upstream = this.#open();
    if (upstream === undefined) return;
    if (!hasBody) {
      upstream.end();
      return;
    }
    this.request.on('end', () => {
      const { rawTrailers } = this.request;
      if (rawTrailers.length > 0) upstream.addTrailers(pairsOf(rawTrailers));
    });
    this.request.pipe(upstream);
  }

  /** Keeps the answer from now on, for those who may compare it later. */
  keep(): void {
    this.#capture ??= new BodyCapture(this.parts.maxBodyBytes, this.parts.budget);
  }

  /** Keeps the answer, which is compared. */
  compare(): void {
    this.keep();
    this.#isCompared = true;
  }

  /** Whether somebody compares it. */
  get isCompared(): boolean {
    return this.#isCompared;
  }

  /** What is compared of the answer, once it has ended; it never settles unless it is compared. */
  answered(): Promise<ObservedAnswer> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      // Whoever compares it says so in this turn, before or after this.
      if (this.#outcome !== undefined) queueMicrotask(() => this.#offer());
    });
  }

  /** Aborts when there will be nothing to compare: the caller left, or the answer has no end. */
  get withdrawn(): AbortSignal {
    return (this.#withdrawn ??= new AbortController()).signal;
  }

  #open(): ClientRequest | undefined {
    try {
      const upstream = this.parts.primary.request(this.head);
      this.#upstream = upstream;
      this.#attempts += 1;
      upstream.on('response', (answer) => this.#receive(answer));
      upstream.on('continue', () => this.response.writeContinue());
      upstream.on('information', ({ statusCode, rawHeaders }) => this.#inform(statusCode, rawHeaders));
      upstream.on('error', (error) => this.#sendFailed(upstream, TransportError.from(error)));
      // As when it answers with an upgrade that nobody asked for.
      upstream.on('close', () => this.#sendFailed(upstream));
      return upstream;
    } catch {
      // Field lines that Node reads and does not write.
      this.#fail(new TransportError('malformed'));
      return undefined;
    }
  }

  #receive(answer: IncomingMessage): void {
    this.#hasAnswer = true;
    const { statusCode = 502, statusMessage = '', rawHeaders } = answer;
    try {
      this.response.writeHead(statusCode, statusMessage, this.#linesOf(answer));
    } catch {
      this.#fail(new TransportError('malformed')); // as above
      answer.destroy();
      return;
    }
    let hasBegun = false;
    answer.once('data', () => (hasBegun = true));
    // A head whose body is not there yet goes first.
    setImmediate(() => {
      if (!hasBegun && !this.#isOver) this.response.flushHeaders();
    });
    if (this.#capture !== undefined) this.#keepBody(answer, this.#capture);
    answer.on('end', () => this.#end(answer));
    answer.on('error', (error) => this.#fail(TransportError.from(error)));
    answer.on('close', () => this.#fail());
    answer.pipe(this.response, { end: false });
    if (isEndless(rawHeaders)) this.#withdraw();
  }

  /** Trailers need chunks, which not every answer comes in. */
  #linesOf({ rawHeaders, headers, statusCode = 0 }: IncomingMessage): string[] {
    const lines = endToEnd(rawHeaders);
    if (headers.trailer === undefined) return lines;
    const { httpVersionMajor, httpVersionMinor, method } = this.request;
    const isChunked = httpVersionMajor === 1 && httpVersionMinor === 1 && headers['content-length'] === undefined;
    const isBodiless = method === 'HEAD' || statusCode === 204 || statusCode === 304;
    return isChunked && !isBodiless ? lines : withoutField(lines, 'trailer');
  }

  #keepBody(answer: IncomingMessage, capture: BodyCapture): void {
    if (!isEndless(answer.rawHeaders)) answer.on('data', (chunk: Buffer) => capture.add(chunk));
  }

  #end(answer: IncomingMessage): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (answer.rawTrailers.length > 0) this.response.addTrailers(pairsOf(answer.rawTrailers));
    this.response.end();
    const capture = this.#capture;
    if (capture === undefined) return;
    const received: ReceivedAnswer = {
      method: this.head.method,
      status: answer.statusCode ?? 0,
      lines: answer.rawHeaders,
      body: capture.isOver ? undefined : Buffer.concat(capture.chunks),
    };
    capture.release();
    this.#conclude(() => this.parts.observe(received));
  }

  #inform(status: number, lines: readonly string[]): void {
    if (status === 102) this.response.writeProcessing();
    if (status !== 103) return;
    const hints: Record<string, string[]> = {};
    eachField(endToEnd(lines), (name, value) => (hints[name] = [...(hints[name] ?? []), value]));
    try {
      this.response.writeEarlyHints(hints);
    } catch {
      // Hints that cannot be passed on are hints.
    }
  }

  /** The request failed; of no matter once there is an answer, whose own end tells. */
  #sendFailed(upstream: ClientRequest, failed?: TransportError): void {
    if (this.#hasAnswer || this.#isOver || upstream !== this.#upstream) return;
    const error = failed ?? new TransportError('reset');
    const isLost = upstream.reusedSocket && error.failure === 'reset' && this.#attempts < ATTEMPTS;
    if (isLost && REPEATABLE.includes(this.head.method) && this.request.complete) this.#open()?.end();
    else this.#fail(error);
  }

  /** Without an error: the connection was closed, which all are, most of them when all is over. */
  #fail(failed?: TransportError): void {
    if (this.#isOver) return;
    const error = failed ?? new TransportError('reset');
    this.#isOver = true;
    this.parts.counters.primaryFailures += 1;
    this.#capture?.release();
    this.#conclude(() => Promise.reject(error));
    this.request.unpipe();
    if (this.response.headersSent) {
      this.response.destroy();
      return;
    }
    const { status, contentType, body } = badGateway(error);
    this.response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
    this.response.end(body);
  }

  #callerIsGone(): void {
    if (this.#isOver || this.response.writableFinished) return;
    this.#isOver = true;
    this.parts.counters.abandoned += 1;
    this.#upstream?.destroy();
    this.#withdraw();
  }

  /** There is nothing to compare. */
  #withdraw(): void {
    this.#capture?.release();
    this.#conclude(() => Promise.resolve(incomparable()));
    this.#withdrawn?.abort();
  }

  #conclude(outcome: () => Promise<ObservedAnswer>): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.#offer();
  }

  #offer(): void {
    if (this.#isCompared && this.#outcome !== undefined) this.#settle?.(this.#outcome());
  }
}

function pairsOf(lines: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  eachField(lines, (_name, value, line) => pairs.push([line, value]));
  return pairs;
}
