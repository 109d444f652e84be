import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sketchOf } from '@sluice/sdk/ddsketch';
import { costsOf } from './bench-process.js';

/** What it costs a server to take in the reports of a fleet. */
export interface Ingestion {
  readonly instances: number;
  readonly series: number;
  /** Reports that were accepted per second of wall time. */
  readonly reportsPerSecond: number;
  /** CPU time of the server process, its embedded store included, per wall time, above the idle one's: 1 is one core. */
  readonly coreShare: number;
  /** CPU time of the process per wall time when nothing is reported. */
  readonly idleCoreShare: number;
  readonly p99Ms: number;
}

const INSTANCES = 1_000;
const INTERVAL_MS = 10_000;
const WARM_UP_MS = 8_000;
const MEASURE_MS = 15_000;
const IDLE_MS = 3_000;

/** Lets a fleet report at an even pace, and measures the server's CPU time beside the wall clock. */
export async function benchIngestion(): Promise<Ingestion> {
  const child = fork(fileURLToPath(new URL('server-process.js', import.meta.url)), { stdio: 'inherit' });
  try {
    // The process tells this first.
    const { url, adminToken } = (await nextMessage(child)) as { url: string; adminToken: string };
    const token = await createToken(url, adminToken);
    const fleet = new Fleet(url, token);
    await fleet.report(WARM_UP_MS);
    const measured = await cpuShareDuring(child, () => fleet.report(MEASURE_MS));
    // Afterwards: a server that has just started is still busy with itself.
    const idle = await cpuShareDuring(child, () => pause(IDLE_MS));
    const ages = fleet.ages.toSorted((a, b) => a - b);
    return {
      instances: INSTANCES,
      series: batchOf('', 0).measurements.length,
      reportsPerSecond: fleet.accepted / (MEASURE_MS / 1_000),
      coreShare: measured - idle,
      idleCoreShare: idle,
      p99Ms: ages[Math.ceil(0.99 * ages.length) - 1] ?? NaN,
    };
  } finally {
    child.kill();
  }
}

/** Instances that each report once per interval, spread evenly over it. */
class Fleet {
  accepted = 0;
  ages: number[] = [];
  readonly #ids = Array.from({ length: INSTANCES }, () => randomUUID());
  #next = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Reports for so long, and waits for the last answers; counts anew. */
  async report(ms: number): Promise<void> {
    this.accepted = 0;
    this.ages = [];
    const startMs = performance.now();
    const open = new Set<Promise<void>>();
    const reports = (ms / INTERVAL_MS) * INSTANCES;
    for (let i = 0; i < reports; i += 1) {
      await pause(startMs + (i * INTERVAL_MS) / INSTANCES - performance.now());
      const sent = this.#send().finally(() => open.delete(sent));
      open.add(sent);
    }
    await Promise.all(open);
  }

  async #send(): Promise<void> {
    const number = (this.#next += 1);
    const startMs = performance.now();
    const response = await fetch(`${this.url}/sdk/v1/telemetry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(batchOf(this.#ids[number % INSTANCES] ?? '', number)),
    });
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
    await response.arrayBuffer();
    this.accepted += 1;
    this.ages.push(performance.now() - startMs);
  }
}

const ROLLOUT = randomUUID();
/** Durations as services have them: around 20 ms, with a long tail; their sketches fill some dozens of buckets. */
const durations = Array.from({ length: 200 }, (_, i) => 20 * Math.exp(1.2 * Math.sin(i * 12.9898)));
const sketch = sketchOf(durations);
const sum = durations.reduce((total, ms) => total + ms, 0);
const sumSquares = durations.reduce((total, ms) => total + ms * ms, 0);

/** A report of 20 sums, of both arms of a flag and of ordinary traffic twice; it names one caller that failed anew. */
function batchOf(instanceId: string, number: number) {
  const at = new Date().toISOString();
  const instance = { id: instanceId, name: `pod-${instanceId}`, sdk: 'bench/1', revision: 1, revisionAppliedAt: at };
  const places = [
    { rollout: null, subject: 'all', arm: 'stable' },
    { rollout: null, subject: 'service/cart', arm: 'stable' },
    { rollout: ROLLOUT, subject: 'flag/new-cart', arm: 'stable' },
    { rollout: ROLLOUT, subject: 'flag/new-cart', arm: 'candidate' },
  ] as const;
  const measurements = places.flatMap((place) => {
    const counted = { ...place, n: 200, bad: 0, anonymousBad: 0, sum: 200, sumSquares: 200 };
    const timed = { ...counted, sum, sumSquares, ...(place.rollout === null ? {} : { sketch }) };
    const callers = place.arm === 'candidate' ? { callers: [number] } : {};
    return [
      { ...counted, metric: 'unit', bad: 1, ...callers },
      { ...timed, metric: 'request' },
      { ...timed, metric: 'payment' },
      { ...counted, metric: 'clicks' },
      { ...counted, metric: 'order-placed' },
    ];
  });
  return { batchId: randomUUID(), instance, from: at, to: at, evaluations: [], measurements };
}

async function createToken(url: string, adminToken: string): Promise<string> {
  const create = async (path: string, body: unknown): Promise<{ secret: string }> => {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    // Only the secret of a created token is read.
    return (await response.json()) as { secret: string };
  };
  await create('/projects', { key: 'bench' });
  const scope = { kind: 'server', name: 'bench', project: 'bench', environment: 'production' };
  return (await create('/tokens', scope)).secret;
}

async function cpuShareDuring(child: ChildProcess, work: () => Promise<void>): Promise<number> {
  const [{ cpuMs }, startMs] = [await costsOf(child), performance.now()];
  await work();
  return ((await costsOf(child)).cpuMs - cpuMs) / (performance.now() - startMs);
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (code: number | null) => reject(new Error(`the server ended with ${String(code)}`));
    child.once('exit', end);
    child.once('message', (message) => {
      child.off('exit', end);
      resolve(message);
    });
  });
}

function pause(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
