import type { SluiceClient } from '../sluice-client.js';
import {
  openRequestUnit,
  type RequestHeaders,
  type RequestUnitOptions,
  type ServerReply,
} from '../middleware/request-unit.js';

export type { RequestUnitOptions } from '../middleware/request-unit.js';

/** What is needed of an Express request. */
export interface ExpressRequest {
  readonly headers: RequestHeaders;
}

/**
 * Middleware that makes every request a unit: `app.use(sluiceUnits(sluice, { context: (request) => … }))`, before the
 * routes and after body parsers. It measures `request` in milliseconds, follows the `sluice-version` header, and marks
 * answers of 500 and above as failed, which Express gives to what handlers throw. The client stays its owner's: close it
 * once `server.close` has called back, when the last request is answered.
 */
export function sluiceUnits<Request extends ExpressRequest>(
  client: SluiceClient,
  options: RequestUnitOptions<Request>,
): (request: Request, response: ServerReply, next: () => void) => void {
  return (request, response, next) => {
    openRequestUnit(client, options, { request, headers: request.headers, reply: response }).within(next);
  };
}
