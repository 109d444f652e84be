import { setTimeout as later } from 'node:timers/promises';
import { createClient, type SluiceClient } from '@sluice/sdk';
import type { ProcessCosts } from '../answer-costs.js';
import { BenchServer } from '../bench-server.js';
import { quantile } from '../measure.js';
import { type MeasuredServer, startMeasured } from '../server/measured-server.js';
import { monotonicMs } from './holder.js';
import { StreamHolder } from './stream-holder.js';

/** SDKs among the streams: what they apply is told apart from what has only arrived. */
const SDKS = 10;
/** Opened, closed and forgotten before memory is looked at, so that what is made once is not counted. */
const WARM_UP_STREAMS = 300;
const ROUND_TIMEOUT_MS = 60_000;
/** Memory is taken as it is when it has stayed within so many bytes for so many looks, or after the most of them. */
const STEADY_BYTES = 1024 * 1024;
const STEADY_LOOKS = 5;
const MOST_LOOKS = 60;
const LOOK_MS = 500;

export interface StreamCase {
  readonly streams: number;
  readonly flags: number;
  readonly changes: number;
}

/** What streams cost at one server. */
export interface StreamCost {
  /** What the process grew by: too little where streams went into pages that the engine had kept. */
  readonly rssPerStream: number;
  /** What objects and buffers grew by: without sockets and the system's own share. */
  readonly heapPerStream: number;
  /** From the call that makes a change until it is whole at a stream, over all streams and changes. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Until an SDK serves it. */
  readonly appliedP99Ms: number;
  /** CPU time of the server's process per change, its store included. */
  readonly cpuMsPerChange: number;
  readonly frameBytes: number;
}

const KEY = 'switch';
const PLACE = `/projects/bench/flags/${KEY}`;

/** Our server with so many flags and streams, of which a few are SDKs. */
export async function measureSluice({ streams, flags, changes }: StreamCase): Promise<StreamCost> {
  const settings = { SLUICE_API_REQUESTS_PER_MINUTE: '1000000' };
  const server = await BenchServer.start(settings, ['--expose-gc']);
  const clients: SluiceClient[] = [];
  let holder: StreamHolder | undefined;
  try {
    const token = await server.project('bench');
    await createFlags(server, flags);
    const url = `${server.url}/sdk/v1/stream`;
    await warmUp(url, token);
    holder = await StreamHolder.start(url, token);
    const memory = await memoryOf(server, streams - SDKS, holder);
    for (let i = 0; i < SDKS; i += 1) {
      clients.push(await createClient({ url: server.url, token, cacheDir: false, initTimeoutMs: 30_000 }));
    }
    const turn = (on: boolean): Promise<unknown> => server.api('PATCH', `${PLACE}/environments/production`, { on });
    await tell(holder, 1, () => turn(true), clients);
    const before = await server.costs();
    const told = await tell(holder, changes, (round) => turn(round % 2 === 1), clients);
    return { ...told, ...memory, cpuMsPerChange: ((await server.costs()).cpuMs - before.cpuMs) / changes };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await holder?.stop();
    await server.stop();
  }
}

/** As many streams of a bare server that writes as many bytes. */
export async function measureBare({ streams, changes }: StreamCase, frameBytes: number): Promise<StreamCost> {
  const words = [String(frameBytes)];
  const server = await startMeasured('streams/bare-stream-process.js', words, ['--expose-gc']);
  let holder: StreamHolder | undefined;
  try {
    await warmUp(server.url, '');
    holder = await StreamHolder.start(`${server.url}/`);
    const memory = await memoryOf(server, streams, holder);
    await tell(holder, 1, () => fetch(server.url, { method: 'POST' }), []);
    const before = await server.costs();
    const told = await tell(holder, changes, () => fetch(server.url, { method: 'POST' }), []);
    return { ...told, ...memory, cpuMsPerChange: ((await server.costs()).cpuMs - before.cpuMs) / changes };
  } finally {
    await holder?.stop();
    await server.stop();
  }
}

async function createFlags(server: BenchServer, count: number): Promise<void> {
  await server.api('POST', '/projects/bench/flags', { key: KEY, type: 'boolean' });
  for (let i = 1; i < count; i += 1) {
    await server.api('POST', '/projects/bench/flags', { key: `flag-${i}`, type: 'boolean' });
  }
}

async function warmUp(url: string, token: string): Promise<void> {
  const holder = await StreamHolder.start(url, token);
  await holder.open(WARM_UP_STREAMS);
  await holder.stop();
}

/** What the server's memory grows by per stream. */
async function memoryOf(
  server: Pick<MeasuredServer, 'costs'>,
  count: number,
  holder: StreamHolder,
): Promise<Pick<StreamCost, 'rssPerStream' | 'heapPerStream'>> {
  const before = await settledMemory(server);
  await holder.open(count);
  const after = await settledMemory(server);
  return {
    rssPerStream: (after.rssBytes - before.rssBytes) / count,
    heapPerStream: (after.heapBytes - before.heapBytes) / count,
  };
}

/** Memory in use once collections free no more: an engine gives pages back little by little. */
async function settledMemory(server: Pick<MeasuredServer, 'costs'>): Promise<ProcessCosts> {
  const seen = [await server.costs()];
  while (seen.length < MOST_LOOKS) {
    const last = seen.slice(-STEADY_LOOKS).map(({ rssBytes }) => rssBytes);
    if (last.length === STEADY_LOOKS && Math.max(...last) - Math.min(...last) < STEADY_BYTES) break;
    await later(LOOK_MS);
    seen.push(await server.costs());
  }
  return seen.at(-1) ?? server.costs();
}

type Told = Pick<StreamCost, 'p50Ms' | 'p99Ms' | 'appliedP99Ms' | 'frameBytes'>;

/** Makes one change after the other, each when the one before has reached everybody. */
async function tell(
  holder: StreamHolder,
  changes: number,
  change: (round: number) => Promise<unknown>,
  clients: readonly SluiceClient[],
): Promise<Told> {
  const ages: number[] = [];
  const applied: number[] = [];
  let frameBytes = 0;
  for (let round = 0; round < changes; round += 1) {
    const arrivals = await holder.arm();
    const allApplied = Promise.all(clients.map((client) => nextChange(client)));
    const startMs = monotonicMs();
    await change(round);
    for (const atMs of await allApplied) applied.push(atMs - startMs);
    const reached = await arrivals();
    for (const atMs of reached.atMs) ages.push(atMs - startMs);
    frameBytes = Math.max(frameBytes, reached.frameBytes);
  }
  return {
    p50Ms: quantile(ages, 0.5),
    p99Ms: quantile(ages, 0.99),
    appliedP99Ms: quantile(applied, 0.99),
    frameBytes,
  };
}

/** When an SDK serves what comes next. */
function nextChange(client: SluiceClient): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('An SDK never heard of the change.')), ROUND_TIMEOUT_MS);
    const stop = client.on('changed', () => {
      clearTimeout(timer);
      stop();
      resolve(monotonicMs());
    });
  });
}
