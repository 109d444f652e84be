import type { AuthenticatedRequest } from './request-context.decorator.js';

/** What resolvers of subscriptions get of the socket they are asked over. */
export interface SubscriptionContext {
  /** The request that opened the socket, let in. */
  readonly req: AuthenticatedRequest;
  /** Gives the socket up whose client did not take what it was sent, or may have missed some: it comes back and looks anew. */
  readonly giveUp: (why: 'tooSlow' | 'missed') => void;
}
