import type { SluiceClient } from '../sluice-client.js';
import {
  openRequestUnit,
  type RequestHeaders,
  type RequestUnitOptions,
  type ServerReply,
} from '../middleware/request-unit.js';
import type { Unit } from '../telemetry/unit.js';

export type { RequestUnitOptions } from '../middleware/request-unit.js';

/** What is needed of a Fastify request. */
export interface FastifyRequestLike {
  readonly raw: object;
  readonly headers: RequestHeaders;
}

/** What is needed of a Fastify reply. */
export interface FastifyReplyLike {
  readonly raw: ServerReply;
}

/** What is needed of a Fastify instance. */
export interface FastifyLike<Request> {
  addHook(name: 'onRequest', hook: (request: Request, reply: FastifyReplyLike, done: () => void) => void): unknown;
  addHook(name: 'preValidation', hook: (request: Request, reply: FastifyReplyLike, done: () => void) => void): unknown;
  addHook(
    name: 'onError',
    hook: (request: Request, reply: FastifyReplyLike, error: Error & { statusCode?: number }, done: () => void) => void,
  ): unknown;
}

/**
 * Makes every request of a Fastify instance, and of what is registered within it, a unit:
 * `sluiceUnits(app, sluice, { context: (request) => … })`, before the routes. It measures `request` in milliseconds,
 * follows the `sluice-version` header, and marks answers of 500 and above, and what handlers throw, as failed; an error
 * that says it is the caller's (a `statusCode` below 500) is none. The client stays its owner's: close it in an `onClose`
 * hook, which runs when the last request is answered.
 */
export function sluiceUnits<Request extends FastifyRequestLike>(
  app: FastifyLike<Request>,
  client: SluiceClient,
  options: RequestUnitOptions<Request>,
): void {
  const units = new WeakMap<object, Unit>();
  const within = (request: Request, work: () => void): void => {
    const unit = units.get(request.raw);
    if (unit === undefined) work();
    else unit.within(work);
  };
  app.addHook('onRequest', (request, reply, done) => {
    const { headers } = request;
    units.set(request.raw, openRequestUnit(client, options, { request, headers, reply: reply.raw }));
    within(request, done);
  });
  // Reading a body leaves the asynchronous context of the hooks before it.
  app.addHook('preValidation', (request, _reply, done) => within(request, done));
  app.addHook('onError', (request, _reply, error, done) => {
    if ((error.statusCode ?? 500) >= 500) units.get(request.raw)?.fail(error.message);
    done();
  });
}
