import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';

const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/u;

/** Does nothing while nobody has registered where traces go. */
export function tracer(): Tracer {
  return trace.getTracer('sluice');
}

/** The span that the caller is in, as W3C Trace Context writes it; undefined outside of any. */
export function currentTraceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** A span elsewhere; undefined where the text names none. */
export function parseTraceparent(text: string | null | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const span: SpanContext = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(span) ? span : undefined;
}

interface SpanOptions {
  readonly kind?: SpanKind;
  /** Nothing secret and nobody's name. */
  readonly attributes?: Attributes;
  /** What it is a part of, as `traceparent`; null: nothing. Where nothing is said: the span that the caller is in. */
  readonly parent?: string | null | undefined;
  /** What caused it, and does not contain it. */
  readonly causes?: readonly (string | undefined)[];
}

/** Does work within a span of its own; one that rejects is marked as failed. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const { kind = SpanKind.INTERNAL, attributes = {}, parent, causes = [] } = options;
  const links = causes.flatMap((cause) => parseTraceparent(cause) ?? []).map((cause) => ({ context: cause }));
  const around = parent === undefined ? context.active() : contextAt(parent);
  return tracer().startActiveSpan(name, { kind, attributes, links }, around, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      // What it says may quote what somebody sent.
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

function contextAt(traceparent: string | null): Context {
  const span = parseTraceparent(traceparent);
  return span === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span);
}
