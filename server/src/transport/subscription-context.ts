import type { AuthenticatedRequest } from './request-context.decorator.js';

/** What resolvers of subscriptions get of the socket they are asked over. */
export interface SubscriptionContext {
  /** The request that opened the socket, let in. */
  readonly req: AuthenticatedRequest;
  /** Gives the socket up whose client does not take what it is sent: it comes back and looks anew. */
  readonly giveUp: () => void;
}
