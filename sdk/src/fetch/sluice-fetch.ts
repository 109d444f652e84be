import type { SluiceClient } from '../sluice-client.js';
import type { EvaluationContext } from '../evaluation/context.js';
import { ROUTING_HEADER } from '../telemetry/routing.js';
import { currentShadow } from '../parallel-run/shadow.js';
import type { Unit } from '../telemetry/unit.js';

export type SluiceFetchOptions = {
  /** Key of the service that is called. */
  readonly service: string;
  /** Whom calls outside of any unit are for; default: nobody in particular, who gets the stable version. */
  readonly context?: () => EvaluationContext;
  /** A call without an answer for so long has failed, milliseconds. Default: none but the platform's. */
  readonly timeoutMs?: number;
  /** Used instead of the platform's. */
  readonly fetch?: typeof fetch;
} & ServiceAddresses;

type ServiceAddresses =
  /** Base address per version. The first also serves while no version is known, and those that are not listed. */
  | { readonly urls: Readonly<Record<string, string | URL>>; readonly resolve?: never }
  /** The base address of a version, undefined while no version is known. */
  | { readonly resolve: (version: string | undefined) => string | URL; readonly urls?: never };

/** Calls a service: the path, which begins with a slash, is added to the base address of the version chosen. */
export type SluiceFetch = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * A fetch for one service: each call goes to the version chosen for the current unit, carries the `sluice-version`
 * header, and is measured as `<service>.request`, credited to the arms of this service alone. Answers of 500 and above,
 * network errors and time-outs are failures; calls that the caller aborts are not. It answers and throws as fetch does.
 * Within a shadow arm of a parallel run it refuses every method but GET, HEAD and OPTIONS, unless the run's sideEffects
 * are 'allowed'.
 */
export function sluiceFetch(client: SluiceClient, options: SluiceFetchOptions): SluiceFetch {
  return async (path, init = {}) => {
    refuseToWrite(options.service, init.method);
    const current = client.currentUnit();
    if (current !== undefined) return call(current, options, path, init);
    const own = client.unit(options.context?.() ?? {});
    return own.run(() => call(own, options, path, init));
  };
}

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What an arm writes that answers nobody would be written twice. */
function refuseToWrite(service: string, method = 'GET'): void {
  const shadow = currentShadow();
  if (shadow === undefined || shadow.mayWrite || SAFE_METHODS.includes(method.toUpperCase())) return;
  throw new Error(
    `The ${shadow.arm} of parallel run '${shadow.run}' runs beside the arm that answers, and must not ${method} to ${service}: leave the write to the caller, or give the run sideEffects: 'allowed'.`,
  );
}

async function call(unit: Unit, options: SluiceFetchOptions, path: string, init: RequestInit): Promise<Response> {
  const { service, urls, resolve, timeoutMs } = options;
  const { version } = unit.version(service, urls && Object.keys(urls));
  const base = urls ? baseOf(urls, version) : resolve(version);
  const headers = new Headers(init.headers);
  if (unit.routing !== undefined) headers.set(ROUTING_HEADER, unit.routing);
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signals = [init.signal, timeout].filter((signal) => signal !== null && signal !== undefined);
  const request = { ...init, headers, ...(signals.length > 0 && { signal: AbortSignal.any(signals) }) };

  const fromMs = performance.now();
  const measure = (isBad: boolean) => {
    if (version !== undefined) unit.called(service, performance.now() - fromMs, isBad);
  };
  try {
    const response = await (options.fetch ?? fetch)(join(base, path), request);
    measure(response.status >= 500);
    return response;
  } catch (thrown) {
    measure(init.signal?.aborted !== true);
    throw thrown;
  }
}

function baseOf(urls: Readonly<Record<string, string | URL>>, version: string | undefined): string | URL {
  const base = version === undefined ? Object.values(urls)[0] : urls[version];
  if (base === undefined) throw new TypeError('Give sluiceFetch the address of at least one version.');
  return base;
}

/** Adds to the path of the base, and cannot leave its host: an address as path would take the call anywhere. */
function join(base: string | URL, path: string): URL {
  if (!path.startsWith('/')) throw new TypeError(`The path '${path}' does not begin with a slash.`);
  return new URL(String(base).replace(/\/+$/, '') + path);
}
