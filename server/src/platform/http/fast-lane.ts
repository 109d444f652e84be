import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Logger } from '@nestjs/common';

/** Answers a request at once; false: it has not touched it. */
export type Lane = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Puts a lane before all else that answers requests. It is for what is asked so often that a framework costs more than
 * the answer, and it sees requests bare: no hook, no router. Where it throws, which is a bug, the others answer.
 */
export function putLaneBefore(server: Server, lane: Lane, logger: Logger): void {
  const others = server.listeners('request') as RequestListener[]; // what Node calls for a request
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }) => {
    try {
      if (lane(request, response)) return;
    } catch (error) {
      logger.error(error, 'A request could not be answered by its fast lane.');
      if (response.headersSent) return void response.destroy();
    }
    for (const listener of others) listener.call(server, request, response);
  });
}
