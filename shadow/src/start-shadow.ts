import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@sluice/sdk';
import { Counters } from './counters.js';
import { healthOf } from './health.js';
import { openRuns } from './open-runs.js';
import { Proxy } from './proxy.js';
import type { Address, ShadowSettings } from './settings.js';
import { Upstream } from './upstream.js';

/** A proxy that is running. */
export interface Shadow {
  /** Where callers reach it. */
  readonly url: string;
  /** Where it tells how it is; undefined where nobody asked for it. */
  readonly adminUrl: string | undefined;
  /**
   * Takes no more connections, waits for requests under way and for what is being compared, at most `drainMs`, reports
   * the rest and ends. Never rejects.
   */
  close(): Promise<void>;
}

export interface ShadowOutput {
  readonly logger: Logger;
  /** Takes what a run without a control plane came to. */
  readonly report: (reports: readonly object[]) => void;
}

/** As much of a head as services behind it may take. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Longer than load balancers before it keep idle connections (most 60 s), so that it never closes one they use. */
const KEEP_ALIVE_MS = 75_000;
const IDLE_LOOK_MS = 20;
/** No run lets more copies be under way. */
const COPY_SOCKETS = 1_024;

/** Starts a proxy; rejects when it cannot listen where it is to. */
export async function startShadow(settings: ShadowSettings, { logger, report }: ShadowOutput): Promise<Shadow> {
  const counters = new Counters();
  const runs = await openRuns(settings, { logger, report });
  const primary = new Upstream(settings.primary);
  const candidate = new Upstream(settings.candidate, COPY_SOCKETS);
  const secondary = settings.secondary && new Upstream(settings.secondary, COPY_SOCKETS);
  const proxy = new Proxy({ settings, runner: runs.runner, primary, candidate, secondary, counters });

  // The service decides how long a request may take.
  const options = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 };
  const server = createServer(options, proxy.handle);
  server.on('checkContinue', proxy.handle);
  server.on('checkExpectation', proxy.handle);
  server.on('upgrade', proxy.upgrade);
  let isDraining = false;
  const admin = createServer((request, response) => {
    const health = healthOf(request.url ?? '', {
      ...{ settings, isDraining, state: runs.state(), counts: counters.read(), faults: runs.runner.parallelRunErrors },
    });
    response.writeHead(health.status, { 'content-type': 'application/json' }).end(health.body);
  });

  const stop = async (): Promise<void> => {
    isDraining = true;
    proxy.drain();
    await closeWithin(server, settings.drainMs, () => proxy.closeTunnels());
    await within(settings.drainMs, proxy.compared());
    await runs.close();
    for (const upstream of [primary, candidate, secondary]) upstream?.close();
    await closeWithin(admin, 0, () => undefined);
  };
  try {
    const url = await listen(server, settings.listen);
    const adminUrl = settings.admin && (await listen(admin, settings.admin));
    let closing: Promise<void> | undefined;
    return { url, adminUrl, close: () => (closing ??= stop()) };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

function listen(server: Server, { host, port }: Address): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // A TCP server's address is an AddressInfo.
      const { port: actual } = server.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`);
    });
  });
}

/** Ends a server once its connections have; after so long, whatever is still under way. */
function closeWithin(server: Server, ms: number, cut: () => void): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    const timer = setTimeout(() => {
      cut();
      server.closeAllConnections();
    }, ms);
    // Connections that were busy as it began to close are kept alive once more when they are idle.
    const looking = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(looking);
      resolve();
    });
  });
}

/** Waits for work that never rejects, but no longer than so many milliseconds. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, over]);
  clearTimeout(timer);
}
