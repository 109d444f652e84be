/** Where OpenTelemetry's API (major version 1) keeps what is registered, and a span in its context. */
const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');

interface Registered {
  readonly context?: { active(): { getValue(key: symbol): SpanLike | undefined } };
}
interface SpanLike {
  spanContext(): { readonly traceId: string };
}

/** The trace id of OpenTelemetry's active span; empty where the service has none. Never throws. */
export function activeTraceId(): string {
  try {
    // Whatever is there is asked as its API has it, and may fail.
    const registered = (globalThis as Readonly<Record<symbol, unknown>>)[API] as Registered | undefined;
    const traceId = registered?.context?.active().getValue(SPAN)?.spanContext().traceId;
    return typeof traceId === 'string' && /^[0-9a-f]{32}$/.test(traceId) ? traceId : '';
  } catch {
    return '';
  }
}
