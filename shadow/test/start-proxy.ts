import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createParallelRuns, type LocalParallelRuns, type LocalRunSettings, type RunResult } from '@sluice/sdk';
import { Counters } from '../src/counters.js';
import { VOLATILE_HEADERS } from '../src/observed-answer.js';
import { Proxy } from '../src/proxy.js';
import type { ShadowSettings } from '../src/settings.js';
import { Upstream } from '../src/upstream.js';

/** A proxy whose every copy is looked at. */
export interface TestProxy {
  readonly url: string;
  readonly counters: Counters;
  readonly runs: LocalParallelRuns;
  readonly results: readonly RunResult[];
  /** The results, once there are so many. */
  untilCompared(count: number): Promise<readonly RunResult[]>;
  close(): Promise<void>;
}

export type ProxyOptions = Partial<Omit<ShadowSettings, 'primary' | 'candidate'>> &
  Pick<ShadowSettings, 'primary' | 'candidate'> & { readonly settings?: LocalRunSettings };

const RUN = 'service';

/** All requests are sampled, unless told otherwise. */
export async function startProxy({ settings: run, ...given }: ProxyOptions): Promise<TestProxy> {
  const settings: ShadowSettings = {
    secondary: undefined,
    run: RUN,
    listen: { host: '127.0.0.1', port: 0 },
    admin: undefined,
    source: { kind: 'local', share: 100_000 },
    methods: new Set(['GET', 'HEAD', 'OPTIONS']),
    identity: undefined,
    primaryVersion: undefined,
    candidateVersion: undefined,
    deadlineMs: undefined,
    maxBodyBytes: 1_048_576,
    hostPolicy: 'preserve',
    ignoredHeaders: new Set(VOLATILE_HEADERS),
    routes: [],
    drainMs: 1_000,
    ...given,
  };
  const results: RunResult[] = [];
  const waiting = new Set<() => void>();
  const publish = (result: RunResult): void => {
    results.push(result);
    for (const look of waiting) look();
  };
  const runs = createParallelRuns({
    // No machine is so slow that a test's copies are shed.
    runs: { [RUN]: { share: 100_000, budget: { addedMs: 10_000, loopDelayMs: 60_000 }, maxConcurrent: 100, ...run } },
    publish,
  });
  const counters = new Counters();
  const upstreams = [settings.primary, settings.candidate, ...(settings.secondary ? [settings.secondary] : [])].map(
    (url) => new Upstream(url),
  );
  const [primary, candidate, secondary] = upstreams;
  if (primary === undefined || candidate === undefined) throw new Error('There are two services at least.');
  const proxy = new Proxy({ settings, runner: runs, primary, candidate, secondary, counters });
  const server = createServer(proxy.handle);
  server.on('checkContinue', proxy.handle);
  server.on('checkExpectation', proxy.handle);
  server.on('upgrade', proxy.upgrade);
  const url = await listen(server);
  const untilCompared = (count: number): Promise<readonly RunResult[]> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (results.length < count) return;
        waiting.delete(look);
        resolve(results);
      };
      waiting.add(look);
      look();
    });
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    proxy.closeTunnels();
    await closed;
    runs.close();
    for (const upstream of upstreams) upstream.close();
  };
  return { url, counters, runs, results, untilCompared, close };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
