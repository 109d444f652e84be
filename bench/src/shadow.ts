import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { callAtConstantRate } from './constant-rate.js';
import { median, quantile } from './measure.js';
import { startProcess } from './start-process.js';

const PER_SECOND = 1_000;
const ROUNDS = 7;
const ROUND_SECONDS = 4;
const WARM_UP_SECONDS = 5;
/** What the proxy may add at the 99th percentile, milliseconds. */
const TARGET_MS = 1;

interface Way {
  readonly name: string;
  /** Percentage of requests that are copied; undefined: the callers ask the service itself. */
  readonly share: number | undefined;
}

const WAYS: readonly Way[] = [
  { name: 'direct', share: undefined },
  { name: 'nothing copied', share: 0 },
  { name: '10 % copied', share: 10 },
  { name: 'all copied', share: 100 },
];

interface Round {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lost: number;
}

/** Measures what the proxy adds to a service's answers; true when that is within the target for every share. */
export async function reportShadow(): Promise<boolean> {
  const [primary, candidate] = [await startService(), await startService()];
  const proxies = new Map<string, { readonly child: ChildProcess; readonly url: string }>();
  for (const { name, share } of WAYS) {
    if (share !== undefined) proxies.set(name, await startProxy(primary.url, candidate.url, share));
  }
  const urlOf = ({ name }: Way): string => proxies.get(name)?.url ?? primary.url;
  for (const way of WAYS) await measureRound(urlOf(way), WARM_UP_SECONDS);
  const rounds = new Map<string, Round[]>(WAYS.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of WAYS) rounds.get(way.name)?.push(await measureRound(urlOf(way), ROUND_SECONDS));
  }
  const ends = new Map<string, Ended>();
  for (const [name, { child }] of proxies) ends.set(name, await end(child));
  primary.child.kill();
  candidate.child.kill();
  return tell(rounds, ends);
}

interface Ended {
  readonly verdicts: Readonly<Record<string, number>>;
  readonly cpu: NodeJS.CpuUsage;
}

function tell(rounds: ReadonlyMap<string, readonly Round[]>, ends: ReadonlyMap<string, Ended>): boolean {
  const direct = rounds.get('direct') ?? [];
  const requests = (ROUNDS * ROUND_SECONDS + WARM_UP_SECONDS) * PER_SECOND;
  console.log(
    `\nThe shadow proxy at ${PER_SECOND} requests per second, open loop on loopback, answers of 1 kB; medians of ${ROUNDS} rounds ` +
      `of ${ROUND_SECONDS} s in turn; load of the machine ${(loadavg()[0] ?? 0).toFixed(1)}:`,
  );
  let isWithin = true;
  for (const [name, own] of rounds) {
    const at = `p50 ${ms(median(own.map(({ p50Ms }) => p50Ms)))}, p99 ${ms(median(own.map(({ p99Ms }) => p99Ms)))}`;
    const ended = ends.get(name);
    if (ended === undefined) {
      console.log(`  ${name.padEnd(15)} ${at}`);
      continue;
    }
    const added = own.map((round, i) => ({
      p50: round.p50Ms - (direct[i]?.p50Ms ?? NaN),
      p99: round.p99Ms - (direct[i]?.p99Ms ?? NaN),
    }));
    const addedP99 = median(added.map(({ p99 }) => p99));
    const worst = Math.max(...added.map(({ p99 }) => p99));
    isWithin &&= addedP99 < TARGET_MS;
    const cpuMs = (ended.cpu.user + ended.cpu.system) / 1_000 / requests;
    const lost = own.reduce((sum, round) => sum + round.lost, 0);
    console.log(
      `  ${name.padEnd(15)} ${at}; adds ${ms(median(added.map(({ p50 }) => p50)))} at p50, ${ms(addedP99)} at p99 ` +
        `(worst round ${ms(worst)}), target ${TARGET_MS} ms ${addedP99 < TARGET_MS ? 'kept' : 'MISSED'}; ` +
        `${cpuMs.toFixed(3)} ms of CPU a request; lost ${lost}; ${verdictsOf(ended.verdicts)}`,
    );
  }
  return isWithin;
}

async function measureRound(url: string, seconds: number): Promise<Round> {
  const first = Math.floor(Math.random() * 1e9);
  const path = (n: number): string => `/orders/${first + n}?currency=EUR`;
  const { latenciesMs, dropped, failed } = await callAtConstantRate({ url, perSecond: PER_SECOND, seconds, path });
  return { p50Ms: quantile(latenciesMs, 0.5), p99Ms: quantile(latenciesMs, 0.99), lost: dropped + failed };
}

async function startService(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const { child, message } = await startProcess<{ readonly url: string }>('orders-process.js');
  return { child, url: message.url };
}

async function startProxy(
  primary: string,
  candidate: string,
  share: number,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const options = { primary, candidate, share: String(share), run: 'orders', listen: '127.0.0.1:0' };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const { child, message } = await startProcess<{ readonly url: string }>('shadow-process.js', words);
  return { child, url: message.url };
}

/** What a proxy compared and cost, as it ends. */
async function end(child: ChildProcess): Promise<Ended> {
  const answer = once(child, 'message');
  child.send('end');
  const [ended] = (await answer) as [Ended]; // the process sends this
  child.disconnect();
  return ended;
}

function verdictsOf(verdicts: Readonly<Record<string, number>>): string {
  const counts = Object.entries(verdicts).map(([verdict, n]) => `${n} ${verdict}`);
  return counts.length === 0 ? 'no copies' : counts.join(', ');
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}
