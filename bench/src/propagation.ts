import { createClient, type SluiceClient } from '@sluice/sdk';
import { quantile } from './measure.js';
import { startProcess } from './start-process.js';

/** How long changes took from the API call until applied, milliseconds, over all SDKs and rounds. */
export interface Propagation {
  readonly sdks: number;
  readonly rounds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The same for a bare server that writes the same bytes to as many bare connections. */
  readonly floorP50Ms: number;
  readonly floorP99Ms: number;
}

const SDKS = 200;
const ROUNDS = 20;
const ROUND_TIMEOUT_MS = 10_000;

/** Measures change to applied with 200 SDKs on loopback, beside a bare stream in the same run. */
export async function benchPropagation(): Promise<Propagation> {
  const ours = await measureSluice();
  const floor = await measureBareStream();
  return {
    sdks: SDKS,
    rounds: ROUNDS,
    p50Ms: quantile(ours, 0.5),
    p99Ms: quantile(ours, 0.99),
    floorP50Ms: quantile(floor, 0.5),
    floorP99Ms: quantile(floor, 0.99),
  };
}

async function measureSluice(): Promise<readonly number[]> {
  const { child, message } = await startProcess<{ url: string; adminToken: string }>('server-process.js');
  const api = async (method: string, path: string, body: unknown): Promise<{ secret: string }> => {
    const response = await fetch(`${message.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${message.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    // Only the secret of a created token is read.
    return (await response.json()) as { secret: string };
  };
  const clients: SluiceClient[] = [];
  try {
    await api('POST', '/projects', { key: 'bench' });
    await api('POST', '/projects/bench/flags', { key: 'switch', type: 'boolean' });
    const scope = { kind: 'server', name: 'bench', project: 'bench', environment: 'production' };
    const { secret } = await api('POST', '/tokens', scope);
    const connecting = Array.from({ length: SDKS }, () =>
      createClient({ url: message.url, token: secret, cacheDir: false, initTimeoutMs: 30_000 }),
    );
    clients.push(...(await Promise.all(connecting)));
    const path = '/projects/bench/flags/switch/environments/production';
    return await rounds(
      (round) => api('PATCH', path, { on: round % 2 === 0 }),
      (applied) => clients.map((client) => client.on('changed', applied)),
    );
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    child.kill();
  }
}

async function measureBareStream(): Promise<readonly number[]> {
  const { child, message } = await startProcess<{ url: string }>('bare-stream-process.js');
  const stop = new AbortController();
  const arrived = new Set<() => void>();
  try {
    for (let index = 0; index < SDKS; index += 1) {
      const { body } = await fetch(message.url, { signal: stop.signal });
      void listen(body, () => arrived.forEach((callback) => callback()));
    }
    return await rounds(
      () => fetch(message.url, { method: 'POST' }),
      (applied) => {
        arrived.add(applied);
        return [() => arrived.delete(applied)];
      },
    );
  } finally {
    stop.abort();
    child.kill();
  }
}

async function listen(body: ReadableStream<Uint8Array> | null, onFrame: () => void): Promise<void> {
  try {
    for await (const chunk of body ?? []) if (!Buffer.from(chunk).toString().startsWith(':')) onFrame();
  } catch {
    // Aborted at the end.
  }
}

/** Makes a change per round and waits until it has arrived at all; answers every arrival's age, milliseconds. */
async function rounds(
  change: (round: number) => Promise<unknown>,
  subscribe: (applied: () => void) => readonly (() => void)[],
): Promise<readonly number[]> {
  const ages: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      let missing = SDKS;
      const timer = setTimeout(() => reject(new Error(`${missing} never heard of the change`)), ROUND_TIMEOUT_MS);
      const stops = subscribe(() => {
        ages.push(performance.now() - startMs);
        missing -= 1;
        if (missing > 0) return;
        clearTimeout(timer);
        for (const unsubscribe of stops) unsubscribe();
        resolve();
      });
      change(round).catch(reject);
    });
  }
  return ages;
}
