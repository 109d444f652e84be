import type { RequestContext } from '../../src/kernel/request-context.js';

/** A caller who may act on the whole instance, unless said. */
export function aRequestContext(overrides: Partial<RequestContext> = {}): RequestContext {
  return {
    actor: { kind: 'token', id: 'token-1', name: 'a test' },
    requestId: 'request-1',
    traceparent: undefined,
    scope: 'instance',
    ...overrides,
  };
}
