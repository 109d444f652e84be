import { SpanKind } from '@opentelemetry/api';
import type { Json } from '../../kernel/json.js';
import { type Enqueueing, Jobs, type JobStanding, type JobType } from '../jobs/jobs.js';
import { currentTraceparent, inSpan } from './spans.js';

type JsonObject = { readonly [key: string]: Json };

/**
 * Jobs whose runs are spans. A job knows what it was left in, for its payload carries it; it is no part of that, for one
 * job may stand for many wishes, and comes when it is due. So each run is a trace of its own with a link to its cause.
 */
export class TracedJobs extends Jobs {
  constructor(private readonly jobs: Jobs) {
    super();
  }

  override handle<P extends Json>(
    type: JobType<P>,
    handler: (payload: P) => Promise<void>,
    options: { readonly concurrency: number },
  ): void {
    const run = (payload: P): Promise<void> => {
      const { own, traceparent } = unpack(payload);
      const attributes = { 'messaging.operation.name': 'process', 'messaging.destination.name': type.name };
      const span = { kind: SpanKind.CONSUMER, attributes, parent: null, causes: [traceparent] };
      return inSpan(`job ${type.name}`, span, () => handler(own));
    };
    this.jobs.handle(type, run, options);
  }

  override enqueue<P extends Json>(type: JobType<P>, payload: P, options: Enqueueing): Promise<void> {
    const traceparent = currentTraceparent();
    if (traceparent === undefined || !isObject(payload)) return this.jobs.enqueue(type, payload, options);
    // Servers that know nothing of it take what they know and leave it. What the payload says itself goes before.
    const packed: JsonObject = { traceparent, ...payload };
    return this.jobs.enqueue(type, packed as unknown as P, options);
  }

  override standings(): Promise<readonly JobStanding[]> {
    return this.jobs.standings();
  }

  override start(): void {
    this.jobs.start();
  }

  override stop(withinMs: number): Promise<void> {
    return this.jobs.stop(withinMs);
  }

  override close(): Promise<void> {
    return this.jobs.close();
  }
}

function unpack<P extends Json>(payload: P): { readonly own: P; readonly traceparent: string | undefined } {
  if (!isObject(payload)) return { own: payload, traceparent: undefined };
  const packed: JsonObject = payload;
  const { traceparent, ...own } = packed;
  // What is left is what was there before it was packed.
  return { own: own as unknown as P, traceparent: typeof traceparent === 'string' ? traceparent : undefined };
}

function isObject(payload: Json): payload is JsonObject {
  return typeof payload === 'object' && payload !== null && !Array.isArray(payload);
}
