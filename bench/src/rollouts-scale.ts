import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { sketchOf } from '@sluice/sdk/ddsketch';
import { BenchServer } from './bench-server.js';
import { withDatabase } from './databases.js';
import { quantile } from './measure.js';

/** How a server keeps up with many running rollouts. */
interface RolloutsScale {
  /** From when a tick was due until the rollout was looked at. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly ticks: number;
  /** CPU time of the server process, an embedded store included, per wall time: 1 is one core. */
  readonly coreShare: number;
}

const PROJECTS = 50;
const ROLLOUTS_PER_PROJECT = 20;
const ROLLOUTS = PROJECTS * ROLLOUTS_PER_PROJECT;
const TICK_MS = 10_000;
const REPORT_EVERY_MS = 10_000;
const WARM_UP_MS = 20_000;
const MEASURE_MS = 60_000;

const POLICY = {
  steps: [{ share: 10_000, holdSeconds: 86_400 }, { share: 100_000 }],
  metrics: [
    { kind: 'failures', name: 'failures' },
    { kind: 'events', name: 'refusals', event: 'refusal' },
    { kind: 'slow', name: 'slow-requests', duration: 'request', slowerThanMs: 100 },
    { kind: 'slow', name: 'slow-payments', duration: 'payment', slowerThanMs: 100 },
    { kind: 'mean', name: 'order-value', value: 'order-value', worse: 'lower' },
  ],
};

/** Prints what was measured on each store there is; answers whether ticks kept up: p99 within one of them. */
export async function reportRolloutsScale(): Promise<boolean> {
  const postgres = process.env['TEST_DATABASE_URL'] ?? '';
  const isWithin = [await reportOn('the embedded store', withFolder)];
  if (postgres !== '')
    isWithin.push(
      await reportOn('PostgreSQL', (bench) => withDatabase(postgres, (url) => bench({ DATABASE_URL: url }))),
    );
  return isWithin.every(Boolean);
}

type Settings = Readonly<Record<string, string>>;
type OnStore = <T>(bench: (settings: Settings) => Promise<T>) => Promise<T>;

async function reportOn(store: string, onStore: OnStore): Promise<boolean> {
  const { p50Ms, p99Ms, ticks, coreShare } = await onStore(benchRolloutsScale);
  const isWithin = p99Ms < TICK_MS;
  console.log(
    `\n${ROLLOUTS} running rollouts of ${POLICY.metrics.length} metrics on ${store}: ${ticks} ticks in ${MEASURE_MS / 1_000} s, ` +
      `late by ${p50Ms.toFixed(0)} ms at p50 and ${p99Ms.toFixed(0)} ms at p99 (${isWithin ? 'within' : 'not within'} one tick), ` +
      `at ${(100 * coreShare).toFixed(0)} % of a core.`,
  );
  return isWithin;
}

async function benchRolloutsScale(settings: Settings): Promise<RolloutsScale> {
  const server = await BenchServer.start({
    SLUICE_TICK_SECONDS: String(TICK_MS / 1_000),
    // The limit is not what is measured.
    SLUICE_API_REQUESTS_PER_MINUTE: '1000000',
    ...settings,
  });
  const stop = new AbortController();
  const reporting: Promise<void>[] = [];
  try {
    const running: Running[] = [];
    for (let project = 0; project < PROJECTS; project += 1) {
      const { token, releases } = await startReleases(server, `project-${project}`);
      running.push(...releases);
      const delayMs = (project * REPORT_EVERY_MS) / PROJECTS;
      reporting.push(keepReporting(server.url, token, { releases, delayMs }, stop.signal));
    }
    await later(WARM_UP_MS);
    const [from, cpuMs, startMs] = [new Date(), (await server.costs()).cpuMs, performance.now()];
    await later(MEASURE_MS);
    const coreShare = ((await server.costs()).cpuMs - cpuMs) / (performance.now() - startMs);
    const to = new Date();
    stop.abort();
    await Promise.all(reporting);
    const lags: number[] = [];
    for (const { id } of running) lags.push(...(await lagsOf(server, id, { from, to })));
    return { p50Ms: quantile(lags, 0.5), p99Ms: quantile(lags, 0.99), ticks: lags.length, coreShare };
  } finally {
    stop.abort();
    await Promise.allSettled(reporting);
    await server.stop();
  }
}

/** A release that ramps a flag. */
interface Running {
  readonly id: string;
  readonly flag: string;
  readonly rollout: string;
}

async function startReleases(
  server: BenchServer,
  project: string,
): Promise<{ readonly token: string; readonly releases: readonly Running[] }> {
  const token = await server.project(project);
  const policy = { key: 'five', name: 'Five metrics', document: POLICY };
  await server.api('POST', `/projects/${project}/policies`, policy);
  const flags = Array.from({ length: ROLLOUTS_PER_PROJECT }, (_, index) => `flag-${index}`);
  for (const key of flags) await server.api('POST', `/projects/${project}/flags`, { key, type: 'boolean' });
  const releases: Running[] = [];
  for (const flag of flags) {
    const changes = [{ kind: 'flag', flag, ramp: { variation: 'on' } }];
    const draft = { project, environment: 'production', policy: 'five', start: true, changes };
    const { id, rollout } = await server.api<{ id: string; rollout: { id: string } }>('POST', '/releases', draft);
    releases.push({ id, flag, rollout: rollout.id });
  }
  return { token, releases };
}

/** Reports both arms of all of a project's rollouts, as an SDK would, until it is called off. */
async function keepReporting(
  url: string,
  token: string,
  { releases, delayMs }: { readonly releases: readonly Running[]; readonly delayMs: number },
  signal: AbortSignal,
): Promise<void> {
  const id = randomUUID();
  const pause = (ms: number): Promise<unknown> => later(ms, undefined, { signal }).catch(() => undefined);
  // By the clock, not from answer to answer: those who are answered together would go on together.
  let dueMs = performance.now() + delayMs;
  for (await pause(delayMs); !signal.aborted; await pause(Math.max(0, dueMs - performance.now()))) {
    dueMs += REPORT_EVERY_MS;
    const response = await fetch(`${url}/sdk/v1/telemetry`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(batchOf(id, releases)),
    });
    if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }
}

/** Durations around 20 ms with a long tail, whose sketch fills some dozens of buckets; some of them are slow. */
const durations = Array.from({ length: 200 }, (_, i) => 20 * Math.exp(1.8 * Math.sin(i * 12.9898)));
const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const timed = {
  sum: sumOf(durations),
  sumSquares: sumOf(durations.map((ms) => ms * ms)),
  sketch: sketchOf(durations),
};

function batchOf(instanceId: string, releases: readonly Running[]): object {
  const at = new Date().toISOString();
  // Whatever the environment's revision is, this instance has it: the shares have arrived.
  const instance = { id: instanceId, name: 'bench', sdk: 'bench/1', revision: 1_000_000, revisionAppliedAt: at };
  const measurements = releases.flatMap(({ flag, rollout }) =>
    ['stable', 'candidate'].flatMap((arm) => {
      const counted = { rollout, subject: `flag/${flag}`, arm, n: 200, bad: 0, anonymousBad: 0, sum: 0, sumSquares: 0 };
      const hash = Math.floor(Math.random() * 2 ** 32);
      return [
        { ...counted, metric: 'unit', bad: 1, callers: [hash] },
        { ...counted, metric: 'refusal', n: 2, sum: 2, sumSquares: 2 },
        { ...counted, metric: 'request', ...timed },
        { ...counted, metric: 'payment', ...timed },
        { ...counted, metric: 'order-value', sum: 10_000, sumSquares: 600_000 },
      ];
    }),
  );
  return { batchId: randomUUID(), instance, from: at, to: at, evaluations: [], measurements };
}

interface Tick {
  readonly tick: number;
  readonly at: string;
  readonly body: { readonly ramp: { readonly phase: string } };
}

/**
 * How late a rollout's ticks were, milliseconds: each is due one interval after the one before it. Those that measured
 * nothing are not on record; their lateness then counts for the next that is.
 */
async function lagsOf(
  server: BenchServer,
  release: string,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<readonly number[]> {
  const { ticks } = await server.api<{ ticks: readonly Tick[] }>('GET', `/releases/${release}/verdict`);
  return ticks.flatMap((tick, index) => {
    const before = ticks[index - 1];
    const at = new Date(tick.at);
    if (before === undefined || before.body.ramp.phase !== 'watching' || at < from || at > to) return [];
    return [at.getTime() - new Date(before.at).getTime() - TICK_MS * (tick.tick - before.tick)];
  });
}

async function withFolder<T>(bench: (settings: Settings) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    return await bench({ SLUICE_DATA_DIR: folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
