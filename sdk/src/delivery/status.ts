import type { Problem } from '../problem.js';

/**
 * initializing: no verdict yet. ready: serving what the control plane last said, which is recent. stale: serving an
 * older snapshot, for it has not been heard for too long. error: the token is refused, or there is nothing to serve.
 * Whatever the state, the values of the last good snapshot hold.
 */
export type ClientState = 'initializing' | 'ready' | 'stale' | 'error';

export interface Standing {
  readonly isInitializing: boolean;
  readonly hasSnapshot: boolean;
  /** The latest trouble since the control plane was last heard. */
  readonly problem: Problem | undefined;
  /** Milliseconds since the control plane was last heard; undefined while it never was. */
  readonly silentMs: number | undefined;
  readonly staleAfterMs: number;
}

/** The state a client is in. */
export function stateOf(standing: Standing): ClientState {
  if (standing.problem?.code === 'TOKEN_REFUSED') return 'error';
  const isHeard = standing.silentMs !== undefined && standing.silentMs < standing.staleAfterMs;
  if (standing.hasSnapshot && isHeard) return 'ready';
  if (standing.isInitializing) return 'initializing';
  return standing.hasSnapshot ? 'stale' : 'error';
}
