import type { RequestContext } from '../kernel/request-context.js';

/** Who acts when a rollout moves by itself. */
export function systemContext(requestId: string): RequestContext {
  return {
    actor: { kind: 'system', id: 'ramp-engine', name: 'Ramp engine' },
    requestId,
    traceparent: undefined,
    scope: 'instance',
  };
}
