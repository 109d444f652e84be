const FORMAT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;
const NO_TRACE = '0'.repeat(32);

/** The trace id of a `traceparent` (W3C Trace Context); undefined where there is none that can be read. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  const traceId = traceparent === undefined ? undefined : FORMAT.exec(traceparent)?.[1];
  return traceId === NO_TRACE ? undefined : traceId;
}

/** A `traceparent` for copies of a request that came without one: sampled, so that its trace can be looked at. */
export function newTraceparent(randomHex: (bytes: number) => string): string {
  return `00-${randomHex(16)}-${randomHex(8)}-01`;
}
