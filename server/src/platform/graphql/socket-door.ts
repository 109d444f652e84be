import type { FastifyRequest } from 'fastify';
import type { AuthenticatedRequest } from '../../transport/request-context.decorator.js';

/** What of the request that opened a socket tells who opened it. */
export type SocketRequest = AuthenticatedRequest & Pick<FastifyRequest, 'id' | 'method' | 'url' | 'headers' | 'ip'>;

/** Who is let in over sockets, and until when. */
export abstract class SocketDoor {
  /** Leaves its contexts on the request, or throws. Each subscription asks again: all are counted as requests are. */
  abstract admit(request: SocketRequest): Promise<void>;
  /** Calls back once when what a request was let in with ends, or may do something else. Returns the way to stop. */
  abstract watch(request: SocketRequest, onEnd: () => void): () => void;
}
