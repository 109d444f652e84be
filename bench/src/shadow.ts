import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { median } from './measure.js';
import { askForOrders, type PacedResult } from './paced-load.js';
import { startProcess } from './start-process.js';

const ROUNDS = 7;
const ROUND_SECONDS = 4;
const WARM_UP_SECONDS = 5;
/** What the proxy may add at the 99th percentile, milliseconds. */
const TARGET_MS = 1;

interface Way {
  readonly name: string;
  /** Starts its proxy, before these services; undefined: the callers ask the primary itself. */
  readonly start?: (primary: string, candidate: string) => Promise<Started>;
  /** Name of the floor that it is told beside. */
  readonly floor?: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
}

const FLOOR = 'bare proxy';
const COPYING_FLOOR = 'bare, all copied';
const WAYS: readonly Way[] = [
  { name: 'direct' },
  { name: FLOOR, start: (primary) => startBare(primary) },
  { name: COPYING_FLOOR, start: (primary, candidate) => startBare(primary, candidate) },
  { name: 'nothing copied', floor: FLOOR, start: (primary, candidate) => startProxy(primary, candidate, 0) },
  { name: '10 % copied', floor: FLOOR, start: (primary, candidate) => startProxy(primary, candidate, 10) },
  { name: 'all copied', floor: COPYING_FLOOR, start: (primary, candidate) => startProxy(primary, candidate, 100) },
];

/** Measures what the proxy adds to a service's answers; true when that is within the target for every share. */
export async function reportShadow(): Promise<boolean> {
  const [primary, candidate] = [await startService(), await startService()];
  const proxies = new Map<string, Started>();
  for (const { name, start } of WAYS) {
    if (start !== undefined) proxies.set(name, await start(primary.url, candidate.url));
  }
  const urlOf = ({ name }: Way): string => proxies.get(name)?.url ?? primary.url;
  for (const way of WAYS) await askForOrders(urlOf(way), WARM_UP_SECONDS);
  const rounds = new Map<string, PacedResult[]>(WAYS.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of WAYS) rounds.get(way.name)?.push(await askForOrders(urlOf(way), ROUND_SECONDS));
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

function tell(rounds: ReadonlyMap<string, readonly PacedResult[]>, ends: ReadonlyMap<string, Ended>): boolean {
  console.log(
    `\nThe shadow proxy, asked by wrk for answers of 1 kB, ten callers who pause by chance; medians of ${ROUNDS} rounds ` +
      `of ${ROUND_SECONDS} s in turn; load of the machine ${(loadavg()[0] ?? 0).toFixed(1)}. The floor is \`node:http\` with nothing between:`,
  );
  const costs = new Map(WAYS.map(({ name }) => [name, costOf(rounds, ends, name)]));
  let isWithin = true;
  for (const { name, floor, start } of WAYS) {
    const { perSecond, p50Ms, p99Ms, addedP50Ms, addedP99Ms, bestMs, worstMs, cpuMs, lost, verdicts } =
      costs.get(name) ?? NOTHING;
    let line = `  ${name.padEnd(17)} ${perSecond} requests/s, p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}`;
    if (start !== undefined) {
      line += `; adds ${ms(addedP50Ms)} at p50, ${ms(addedP99Ms)} at p99 (rounds from ${ms(bestMs)} to ${ms(worstMs)}); `;
      line += `${cpuMs.toFixed(3)} ms of CPU a request; lost ${lost}`;
    }
    const bare = floor === undefined ? undefined : costs.get(floor);
    if (bare !== undefined) {
      isWithin &&= addedP99Ms < TARGET_MS;
      line += `; target ${TARGET_MS} ms ${addedP99Ms < TARGET_MS ? 'kept' : 'MISSED'}; of its floor ${times(p50Ms, bare.p50Ms)} at p50, `;
      line += `${times(p99Ms, bare.p99Ms)} at p99, ${times(cpuMs, bare.cpuMs)} in CPU; ${verdictsOf(verdicts)}`;
    }
    console.log(line);
  }
  return isWithin;
}

/** What one way costs its callers, beside those who ask the service itself in the same round. */
interface WayCost extends PacedResult {
  readonly addedP50Ms: number;
  readonly addedP99Ms: number;
  readonly bestMs: number;
  readonly worstMs: number;
  readonly cpuMs: number;
  readonly verdicts: Readonly<Record<string, number>>;
}

const NOTHING: WayCost = {
  ...{
    perSecond: NaN,
    p50Ms: NaN,
    p99Ms: NaN,
    lost: 0,
    addedP50Ms: NaN,
    addedP99Ms: NaN,
    bestMs: NaN,
    worstMs: NaN,
    cpuMs: NaN,
    verdicts: {},
  },
};

function costOf(
  rounds: ReadonlyMap<string, readonly PacedResult[]>,
  ends: ReadonlyMap<string, Ended>,
  name: string,
): WayCost {
  const [own, direct] = [rounds.get(name) ?? [], rounds.get('direct') ?? []];
  const ended = ends.get(name);
  const perSecond = median(own.map((round) => round.perSecond));
  const requests = (ROUNDS * ROUND_SECONDS + WARM_UP_SECONDS) * perSecond;
  const added = (of: 'p50Ms' | 'p99Ms') => own.map((round, i) => round[of] - (direct[i]?.[of] ?? NaN));
  return {
    perSecond,
    p50Ms: median(own.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(own.map(({ p99Ms }) => p99Ms)),
    lost: own.reduce((sum, round) => sum + round.lost, 0),
    addedP50Ms: median(added('p50Ms')),
    addedP99Ms: median(added('p99Ms')),
    bestMs: Math.min(...added('p99Ms')),
    worstMs: Math.max(...added('p99Ms')),
    cpuMs: ended === undefined ? NaN : (ended.cpu.user + ended.cpu.system) / 1_000 / requests,
    verdicts: ended?.verdicts ?? {},
  };
}

async function startService(): Promise<Started> {
  const { child, message } = await startProcess<{ readonly url: string }>('orders-process.js');
  return { child, url: message.url };
}

async function startBare(...services: readonly string[]): Promise<Started> {
  const { child, message } = await startProcess<{ readonly url: string }>('pass-through-process.js', services);
  return { child, url: message.url };
}

async function startProxy(primary: string, candidate: string, share: number): Promise<Started> {
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

function times(value: number, floor: number): string {
  return `${(value / floor).toFixed(2)}×`;
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}
