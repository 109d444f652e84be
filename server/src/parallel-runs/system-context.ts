import type { RequestContext } from '../kernel/request-context.js';

/** Who acts when evidence is enough, or a rule runs out. */
export function systemContext(requestId: string): RequestContext {
  return {
    actor: { kind: 'system', id: 'parallel-runs', name: 'Parallel runs' },
    requestId,
    traceparent: undefined,
    scope: 'instance',
  };
}
