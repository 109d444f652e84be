import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ParallelRunner, ShadowArm } from '@sluice/sdk';
import { BodyCapture, CaptureBudget } from './body-capture.js';
import { type ComparisonInput, inputOf } from './comparison-input.js';
import type { Counters } from './counters.js';
import { hasField } from './field-lines.js';
import { identityOf } from './identity.js';
import { incomparable, observeAnswer, type ObservedAnswer, type ReceivedAnswer } from './observed-answer.js';
import { PrimaryCall, type PrimaryCallParts } from './primary-call.js';
import { randomHex } from './random-hex.js';
import {
  type CopyArm,
  headForCopy,
  headForPrimary,
  headForUpgrade,
  type IncomingHead,
  pathOf,
  SHADOW_HEADER,
} from './request-head.js';
import { stratumOf } from './route.js';
import { sendCopy } from './send-copy.js';
import type { ShadowSettings } from './settings.js';
import { newTraceparent, traceIdOf } from './trace-parent.js';
import { openTunnel } from './tunnel.js';
import type { Upstream } from './upstream.js';

export interface ProxyParts {
  readonly settings: ShadowSettings;
  readonly runner: Pick<ParallelRunner, 'parallelRun'>;
  readonly primary: Upstream;
  readonly candidate: Upstream;
  readonly secondary: Upstream | undefined;
  readonly counters: Counters;
}

/** Of bodies that are kept for copies and comparisons, all together. */
const CAPTURE_BYTES = 256 * 1024 * 1024;

/** A request that may be copied, with what is needed for it. */
interface Copyable {
  readonly incoming: IncomingHead;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly call: PrimaryCall;
  /** Undefined without one. */
  readonly body: readonly Uint8Array[] | undefined;
}

/** Passes every request on to the primary, and has the parallel run decide which are copied. */
export class Proxy {
  readonly #budget = new CaptureBudget(CAPTURE_BYTES);
  readonly #callParts: PrimaryCallParts;
  readonly #tunnels = new Set<Duplex>();
  /** Answers that are being compared, copies first. */
  readonly #comparing = new Set<Promise<unknown>>();
  #isDraining = false;

  constructor(private readonly parts: ProxyParts) {
    const { primary, settings, counters } = parts;
    const observe = (answer: ReceivedAnswer) => this.#observe(answer, true);
    this.#callParts = { primary, maxBodyBytes: settings.maxBodyBytes, budget: this.#budget, counters, observe };
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { settings, counters, primary } = this.parts;
    counters.requests += 1;
    if (this.#isDraining) response.shouldKeepAlive = false;
    const incoming = headOf(request);
    const path = pathOf(incoming.target);
    if (path === undefined) {
      response.writeHead(400).end();
      return;
    }
    const head = headForPrimary(incoming, path, primary.authority, settings.hostPolicy);
    const call = new PrimaryCall(this.#callParts, request, response, head);
    const hasBody = isFollowedByBody(incoming);
    if (!settings.methods.has(incoming.method) || hasField(incoming.lines, SHADOW_HEADER)) {
      call.send(hasBody);
    } else if (hasBody) {
      this.#sendAndKeep(request, call, (body) => this.#run({ incoming, path, headers: request.headers, call, body }));
    } else {
      const copyable = { incoming, path, headers: request.headers, call, body: undefined };
      this.#run(copyable, () => call.send(false));
    }
  };

  readonly upgrade = (request: IncomingMessage, caller: Duplex, first: Buffer): void => {
    const { counters, primary, settings } = this.parts;
    counters.tunnels += 1;
    this.#tunnels.add(caller);
    caller.on('close', () => this.#tunnels.delete(caller));
    const incoming = headOf(request);
    const path = pathOf(incoming.target) ?? '/';
    openTunnel(primary, headForUpgrade(incoming, path, primary.authority, settings.hostPolicy), caller, first);
  };

  /** From now on connections end with their answers. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Waits until everything that was copied so far is compared. Never rejects. */
  async compared(): Promise<void> {
    while (this.#comparing.size > 0) await Promise.allSettled(this.#comparing);
    // The run concludes once it has heard of the last of them.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Ends the connections that were handed over. */
  closeTunnels(): void {
    for (const tunnel of this.#tunnels) tunnel.destroy();
  }

  /** A body goes to the primary as it comes; copies can be made once it is whole. */
  #sendAndKeep(request: IncomingMessage, call: PrimaryCall, whenWhole: (body: readonly Uint8Array[]) => void): void {
    const capture = new BodyCapture(this.parts.settings.maxBodyBytes, this.#budget);
    request.on('data', (chunk: Buffer) => capture.add(chunk));
    request.on('end', () => {
      if (capture.isOver) this.parts.counters.tooLong += 1;
      else whenWhole(capture.chunks);
    });
    request.on('close', () => capture.release());
    call.keep();
    call.send(true);
  }

  /** Calls the run, which copies the request or does not; it is sent to the primary once, whatever the run decides. */
  #run(about: Copyable, send?: () => void): void {
    let isSent = false;
    const sendOnce = (): void => {
      if (!isSent) send?.();
      isSent = true;
    };
    try {
      this.#call(about, sendOnce);
    } finally {
      // A run may have its candidate answer in the control's place. Here the primary does, always.
      sendOnce();
    }
  }

  #call(about: Copyable, send: () => void): void {
    const { settings, runner, secondary } = this.parts;
    const { call, incoming, path, headers } = about;
    let made: string | undefined;
    const traceparent = (): string => (made ??= traceparentOf(headers));
    const key = settings.identity && identityOf(settings.identity, headers);
    const options = Object.assign(new InputOfCall(about), {
      control: () => {
        send();
        return call.answered();
      },
      candidate: (arm: ShadowArm) => this.#track(this.#copy('candidate', about, { arm, traceparent })),
      ...(secondary !== undefined && {
        twin: (arm: ShadowArm) => this.#track(this.#copy('secondary', about, { arm, traceparent })),
      }),
      stratum: () => stratumOf(incoming.method, path, settings.routes),
      compareErrors: refuseToCompare,
      onResult: this.parts.counters.note,
      ...(key !== undefined && { context: { targetingKey: key } }),
      ...(settings.candidateVersion !== undefined && { version: settings.candidateVersion }),
      ...(settings.primaryVersion !== undefined && { controlVersion: settings.primaryVersion }),
      ...(settings.deadlineMs !== undefined && { deadlineMs: settings.deadlineMs }),
    });
    const answered = runner.parallelRun(settings.run, options);
    // The run has seen it, if it wanted to; the caller was told.
    answered.catch(() => undefined);
    if (call.isCompared) void this.#track(answered);
  }

  #track<T>(answered: Promise<T>): Promise<T> {
    const forget = (): void => void this.#comparing.delete(settled);
    const settled: Promise<void> = answered.then(forget, forget);
    this.#comparing.add(settled);
    return answered;
  }

  /** Sends a copy, and answers with what is compared of its answer. */
  async #copy(
    name: CopyArm,
    { incoming, path, call, body }: Copyable,
    { arm, traceparent }: { readonly arm: ShadowArm; readonly traceparent: () => string },
  ): Promise<ObservedAnswer> {
    const { settings, candidate, secondary } = this.parts;
    const upstream = name === 'candidate' ? candidate : (secondary ?? candidate);
    call.compare();
    const { withdrawn } = call;
    const head = headForCopy(incoming, path, {
      arm: name,
      authority: upstream.authority,
      policy: settings.hostPolicy,
      traceparent: traceparent(),
      bodyBytes: body?.reduce((sum, chunk) => sum + chunk.length, 0),
    });
    try {
      const answer = await sendCopy(upstream, head, body, {
        maxBodyBytes: settings.maxBodyBytes,
        budget: this.#budget,
        signals: [arm.signal, withdrawn],
      });
      return await this.#observe(answer, false);
    } catch (thrown) {
      if (withdrawn.aborted) return incomparable();
      throw thrown;
    }
  }

  #observe(answer: ReceivedAnswer, isPrimary: boolean): Promise<ObservedAnswer> {
    const { ignoredHeaders: ignored, maxBodyBytes: limit } = this.parts.settings;
    return observeAnswer(answer, { isPrimary, ignored, limit });
  }
}

/**
 * The input of a call, read once it is sampled. A getter of a class: as one of its own it would give each object a shape
 * of its own, of which the collector is seconds behind.
 */
class InputOfCall {
  constructor(private readonly about: Pick<Copyable, 'incoming' | 'path' | 'body'>) {}

  get input(): ComparisonInput {
    const { incoming, path, body } = this.about;
    return inputOf(incoming.method, path, body);
  }
}

/** That neither service answers is no agreement, and no difference: the call counts as compare_error. */
function refuseToCompare(): never {
  throw new TypeError('Neither service answered.');
}

/** Of the caller's trace; of one of their own where the caller has none. */
function traceparentOf({ traceparent }: IncomingMessage['headers']): string {
  const given = typeof traceparent === 'string' ? traceparent : undefined;
  return given !== undefined && traceIdOf(given) !== undefined ? given : newTraceparent(randomHex);
}

function headOf({ method = 'GET', url = '/', rawHeaders, httpVersion, socket }: IncomingMessage): IncomingHead {
  return { method, target: url, lines: rawHeaders, httpVersion, peer: socket.remoteAddress ?? 'unknown' };
}

function isFollowedByBody({ lines }: IncomingHead): boolean {
  let [isChunked, length] = [false, '0'];
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i]?.toLowerCase();
    if (name === 'transfer-encoding') isChunked = true;
    if (name === 'content-length') length = lines[i + 1] ?? '0';
  }
  return isChunked || Number(length) > 0;
}
