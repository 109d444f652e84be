import { setTimeout as later } from 'node:timers/promises';
import { createClient, type SluiceClient } from '@sluice/sdk';
import { BenchServer } from './bench-server.js';
import { quantile } from './measure.js';

/** Breach to share 0 in every SDK: with so many seconds between ticks, the most it may take. */
const TARGETS = [
  { tickSeconds: 1, runs: 5, limitMs: 3_000 },
  { tickSeconds: 10, runs: 1, limitMs: 15_000 },
];

/** Prints what was measured; answers whether all of it is within its target. */
export async function reportRollback(): Promise<boolean> {
  let isWithin = true;
  for (const { tickSeconds, runs, limitMs } of TARGETS) {
    const { sdks, unitsPerSecond, p50Ms, maxMs } = await benchRollback(tickSeconds, runs);
    isWithin &&= maxMs < limitMs;
    console.log(
      `\nBreach to share 0 in ${sdks} SDKs, ticks and reports every ${tickSeconds} s, ${unitsPerSecond} units/s, ` +
        `${runs} ${runs === 1 ? 'run' : 'runs'}: p50 ${seconds(p50Ms)}, at most ${seconds(maxMs)} ` +
        `(${maxMs < limitMs ? 'within' : 'not within'} ${seconds(limitMs)}).`,
    );
  }
  return isWithin;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** How long it took from the moment a candidate turned bad until SDKs gave it to nobody, over SDKs and runs. */
interface Rollback {
  readonly sdks: number;
  readonly unitsPerSecond: number;
  readonly p50Ms: number;
  readonly maxMs: number;
}

const SDKS = 20;
const USERS = 10_000;
/** Of each SDK, per second. */
const UNITS = 25;
const ROUND_MS = 20;
/** Part of the units that fail, before the candidate turns bad and in the stable arm; and of the bad candidate's. */
const USUAL_FAILURES = 0.01;
const BAD_FAILURES = 0.5;
const PATIENCE_MS = 60_000;

/**
 * Measures breach to share 0 with so many seconds between ticks, SDKs reporting as often. The candidate turns bad right
 * after a tick, the worst moment there is: the next one is a whole interval away.
 */
async function benchRollback(tickSeconds: number, runs: number): Promise<Rollback> {
  const server = await BenchServer.start({ SLUICE_TICK_SECONDS: String(tickSeconds) });
  const clients: SluiceClient[] = [];
  try {
    const token = await server.project('bench');
    const document = {
      steps: [{ share: 10_000, holdSeconds: 3_600 }, { share: 100_000 }],
      metrics: [{ kind: 'failures', name: 'failures' }],
    };
    await server.api('POST', '/projects/bench/policies', { key: 'bench', name: 'Bench', document });
    const options = { url: server.url, token, cacheDir: false, telemetryIntervalMs: tickSeconds * 1_000 } as const;
    clients.push(...(await Promise.all(Array.from({ length: SDKS }, () => createClient(options)))));
    const ages: number[] = [];
    for (let run = 0; run < runs; run += 1) ages.push(...(await runOnce(server, clients, `flag-${run}`)));
    return {
      sdks: SDKS,
      unitsPerSecond: SDKS * UNITS,
      p50Ms: quantile(ages, 0.5),
      maxMs: Math.max(...ages),
    };
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await server.stop();
  }
}

/** Ramps a flag, lets it turn bad, and answers how long each SDK went on giving it to anybody. */
async function runOnce(
  server: BenchServer,
  clients: readonly SluiceClient[],
  flag: string,
): Promise<readonly number[]> {
  await server.api('POST', '/projects/bench/flags', { key: flag, type: 'boolean' });
  const traffic = new Traffic(clients, flag);
  try {
    const changes = [{ kind: 'flag', flag, ramp: { variation: 'on' } }];
    const draft = { project: 'bench', environment: 'production', policy: 'bench', start: true, changes };
    const { id } = await server.api<{ id: string }>('POST', '/releases', draft);
    await tickAfterWatching(server, id);

    const breachMs = performance.now();
    const ages = clients.map(
      (client) =>
        new Promise<number>((resolve, reject) => {
          const stop = client.on('changed', ({ flagsChanged }) => {
            if (!flagsChanged.includes(flag)) return;
            stop();
            resolve(performance.now() - breachMs);
          });
          setTimeout(() => reject(new Error(`${flag} was never taken back`)), PATIENCE_MS).unref();
        }),
    );
    traffic.isBad = true;
    const measured = await Promise.all(ages);
    const { status, reason } = await server.api<Release>('GET', `/releases/${id}`);
    const served = clients.filter((client) => traffic.users.some((user) => client.boolean(flag, user, false)));
    if (reason.code !== 'EVIDENCE_BAD' || served.length > 0) {
      throw new Error(`${flag} ended ${status}, ${reason.code}; ${served.length} SDKs still serve it`);
    }
    return measured;
  } finally {
    traffic.stop();
  }
}

interface Release {
  readonly status: string;
  readonly reason: { readonly code: string };
  readonly rollout: { readonly phase: string } | null;
}

/** Waits until every SDK has the share, and then for the next tick. */
async function tickAfterWatching(server: BenchServer, id: string): Promise<void> {
  const release = (): Promise<Release> => server.api<Release>('GET', `/releases/${id}`);
  while ((await release()).rollout?.phase !== 'watching') await later(100);
  const before = await lastTick(server, id);
  // The first tick after that comes early, for the share was on its way.
  while ((await lastTick(server, id)) < before + 2) await later(60);
}

/** Ticks that measured something are on record; while units end, each does. */
async function lastTick(server: BenchServer, id: string): Promise<number> {
  const { ticks } = await server.api<{ ticks: readonly { tick: number }[] }>('GET', `/releases/${id}/verdict`);
  return ticks.at(-1)?.tick ?? 0;
}

/** Units of users in turn, in every SDK, at an even pace. */
class Traffic {
  readonly users = Array.from({ length: USERS }, (_, index) => ({ targetingKey: `user-${index}` }));
  isBad = false;
  #next = 0;
  /** Units owed so far. */
  #due = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly clients: readonly SluiceClient[],
    private readonly flag: string,
  ) {
    this.#timer = setInterval(() => this.#round(), ROUND_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #round(): void {
    this.#due += (UNITS * ROUND_MS) / 1_000;
    for (; this.#due >= 1; this.#due -= 1) this.clients.forEach((client) => this.#unit(client));
  }

  #unit(client: SluiceClient): void {
    const user = this.users[this.#next++ % USERS] ?? {};
    const unit = client.unit(user);
    unit.run(() => {
      const isCandidate = unit.boolean(this.flag, false);
      if (Math.random() < (isCandidate && this.isBad ? BAD_FAILURES : USUAL_FAILURES)) unit.fail();
    });
  }
}
