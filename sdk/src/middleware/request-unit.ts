import type { SluiceClient } from '../sluice-client.js';
import type { EvaluationContext } from '../evaluation/context.js';
import { ROUTING_HEADER } from '../telemetry/routing.js';
import type { Unit } from '../telemetry/unit.js';

export interface RequestUnitOptions<Request> {
  /** Who a request is from: what flags are evaluated and versions chosen for. */
  readonly context: (request: Request) => EvaluationContext;
  /**
   * Whether the versions in the request's `sluice-version` header are followed, so that a chain of services keeps its
   * caller's arm. Default true; false where strangers call, who could choose an arm for themselves.
   */
  readonly trustRouting?: boolean;
  /**
   * Services whose versions are chosen as the request arrives and written into its `sluice-version` header, for a proxy
   * behind this that passes the request's headers on. Calls by `sluiceFetch` need none of it.
   */
  readonly services?: readonly string[];
}

/** The headers of a request, as Node has them. */
export interface RequestHeaders {
  [name: string]: string | string[] | undefined;
}

/** The part of Node's response that tells when a request is over. */
export interface ServerReply {
  readonly statusCode: number;
  readonly headersSent: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** What a request is measured as: its duration in milliseconds, bad where the unit failed. */
const REQUEST_METRIC = 'request';

/**
 * Opens the unit of a request. It ends when the reply is finished or the connection is gone; a status of 500 and above
 * that was sent marks it as failed, a caller who goes away before an answer does not.
 */
export function openRequestUnit<Request>(
  client: SluiceClient,
  options: RequestUnitOptions<Request>,
  { request, headers, reply }: { request: Request; headers: RequestHeaders; reply: ServerReply },
): Unit {
  const { context, trustRouting = true, services = [] } = options;
  const unit = client.unit(contextOf(context, request), trustRouting ? headers[ROUTING_HEADER] : undefined);
  for (const service of services) unit.version(service);
  // Also where nothing was chosen: a header that is not trusted goes no further.
  if (unit.routing === undefined) delete headers[ROUTING_HEADER];
  else headers[ROUTING_HEADER] = unit.routing;

  const fromMs = performance.now();
  reply.once('close', () => {
    if (reply.headersSent && reply.statusCode >= 500) unit.fail(`status ${reply.statusCode}`);
    unit.duration(REQUEST_METRIC, performance.now() - fromMs, unit.isFailed);
    unit.end();
  });
  return unit;
}

/** A context that cannot be made is nobody's: it must not fail the request. */
function contextOf<Request>(context: (request: Request) => EvaluationContext, request: Request): EvaluationContext {
  try {
    return context(request) ?? {};
  } catch {
    return {};
  }
}
