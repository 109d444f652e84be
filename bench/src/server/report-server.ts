import { withDatabase, withPostgres } from '../databases.js';
import { median } from '../measure.js';
import { mixedFlags } from '../scenario-flags.js';
import { size, times } from '../report/figures.js';
import { markdownTable } from '../report/markdown-table.js';
import { describeMachine, versionOf, writeSection } from '../report/write-section.js';
import { LoadGenerator } from './load-generator.js';
import { type MeasuredServer, startMeasured } from './measured-server.js';
import { helloRoutes, type Route, sluiceRoutes, unleashRoutes } from './routes.js';
import { grpcRoutes } from './grpc-routes.js';
import { startSluice } from './sluice-setup.js';
import { startUnleash } from './unleash-setup.js';

const CALLERS = 64;
/** A server that gets none of its callers answered in so many is measured as it is. */
const MOST_WARM_UPS = 5;
const FULL = { flagCounts: [100, 1_000], rounds: 7, seconds: 2, warmUpSeconds: 4 };
const QUICK = { flagCounts: [20], rounds: 2, seconds: 2, warmUpSeconds: 2 };
type Pace = typeof FULL;

/** What one route cost over the rounds. */
interface RouteCost {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p99Ms: number;
  readonly bytes: number;
}

type Costs = ReadonlyMap<Route, RouteCost>;

/** Measures the server beside bare ones and beside Unleash, on one PostgreSQL; true when all targets are kept. */
export async function reportServer({ quick }: { readonly quick: boolean }): Promise<boolean> {
  // As servers run; inherited by all that are started here.
  process.env['NODE_ENV'] = 'production';
  const pace = quick ? QUICK : FULL;
  const sections: string[] = [];
  let isWithin = true;
  for (const flags of pace.flagCounts) {
    const costs = await withPostgres((serverUrl) => measure(serverUrl, flags, pace));
    const targets = [...costs].flatMap(([route]) =>
      route.target === undefined ? [] : [targetOf(costs, route, route.target)],
    );
    isWithin &&= targets.every(({ isKept }) => isKept);
    sections.push(
      textOf(
        costs,
        flags,
        targets.map(({ text }) => text),
      ),
    );
  }
  const method = `${describeMachine()}; ${CALLERS} callers in a process of their own, each of whom asks again when answered; medians of
${pace.rounds} rounds of ${pace.seconds} s in turn. Unleash is unleash-server ${versionOf('unleash-server')} with the same flags on the same PostgreSQL,
its caches as it sets them. HTTP is asked by wrk, which leaves the servers to be what limits them; gRPC by grpc-js, which takes
a core of its own for it. CPU is that of the server's process per request, by its own account.`;
  writeSection('server', [method, ...sections].join('\n\n'), { quick });
  return isWithin;
}

async function measure(serverUrl: string, count: number, pace: Pace): Promise<Costs> {
  const flags = mixedFlags(count);
  return withDatabase(serverUrl, (sluiceUrl) =>
    withDatabase(serverUrl, async (unleashUrl) => {
      const started: { stop(): Promise<void> | void }[] = [];
      const keep = <T extends { stop(): Promise<void> | void }>(server: T): T => {
        started.push(server);
        return server;
      };
      try {
        const node = keep(await startMeasured('server/bare-http-process.js'));
        const fastify = keep(await startMeasured('server/bare-fastify-process.js'));
        const { server, token } = await startSluice({ DATABASE_URL: sluiceUrl }, flags);
        keep(server);
        const unleash = keep(await startUnleash(unleashUrl, flags));
        const grpc = await grpcRoutes(server, token, (script, ...words) =>
          startMeasured(script, words).then(keep<MeasuredServer>),
        );
        const generator = keep(await LoadGenerator.start());
        const routes = [
          ...helloRoutes(node, fastify),
          ...(await sluiceRoutes(server, token, count, node)),
          ...(await unleashRoutes(unleash, count)),
          ...grpc,
        ];
        return await measureRoutes(routes, generator, pace);
      } finally {
        for (const server of started.reverse()) await server.stop();
      }
    }),
  );
}

async function measureRoutes(routes: readonly Route[], generator: LoadGenerator, pace: Pace): Promise<Costs> {
  const rounds = new Map<Route, RouteCost[]>(routes.map((route) => [route, []]));
  for (const route of routes) await warmUp(route, generator, pace.warmUpSeconds);
  for (let round = 0; round < pace.rounds; round += 1) {
    for (const route of routes) rounds.get(route)?.push(await measureRound(route, generator, pace.seconds));
  }
  const middle = (costs: readonly RouteCost[], of: keyof RouteCost): number => median(costs.map((cost) => cost[of]));
  return new Map(
    [...rounds].map(([route, costs]) => [
      route,
      {
        perSecond: middle(costs, 'perSecond'),
        cpuUs: middle(costs, 'cpuUs'),
        p99Ms: middle(costs, 'p99Ms'),
        bytes: middle(costs, 'bytes'),
      },
    ]),
  );
}

/** Until it answers at a pace: a server may have to fetch what it then has at hand. */
async function warmUp(route: Route, generator: LoadGenerator, seconds: number): Promise<void> {
  for (let attempt = 0; attempt < MOST_WARM_UPS; attempt += 1) {
    const { requests } = await generator.run({ ...route.load, callers: CALLERS, seconds });
    if (requests >= CALLERS) return;
  }
}

/** Throws where an answer was another than expected: what fails quickly is no figure. */
async function measureRound(
  { name, server, load, status }: Route,
  generator: LoadGenerator,
  seconds: number,
): Promise<RouteCost> {
  const before = await server.costs();
  const result = await generator.run({ ...load, callers: CALLERS, seconds });
  const cpuMs = (await server.costs()).cpuMs - before.cpuMs;
  if (result.requests === 0 || result.statuses[status] !== result.requests || result.statuses['error'] !== undefined) {
    throw new Error(`${name} answered ${JSON.stringify(result.statuses)}, not ${status} alone.`);
  }
  return {
    perSecond: result.requests / result.seconds,
    cpuUs: (cpuMs * 1_000) / result.requests,
    p99Ms: result.p99Ms,
    bytes: result.bytes,
  };
}

function textOf(costs: Costs, flags: number, targets: readonly string[]): string {
  const head = ['', 'requests/s', 'of its floor', 'CPU', "floor's CPU ÷ it", 'p99', 'bytes'];
  const rows = [...costs].map(([route, cost]) => {
    const floor = floorOf(costs, route);
    return [
      route.name,
      cost.perSecond.toFixed(0),
      (cost.perSecond / floor.perSecond).toFixed(3),
      `${cost.cpuUs.toFixed(0)} µs`,
      (floor.cpuUs / cost.cpuUs).toFixed(3),
      `${cost.p99Ms.toFixed(0)} ms`,
      cost.bytes === 0 ? '—' : size(cost.bytes),
    ];
  });
  return `With ${flags} flags:\n\n${markdownTable(head, rows)}\n\n${[...targets, ...besideUnleash(costs)].map((line) => `- ${line}`).join('\n')}`;
}

function targetOf(costs: Costs, route: Route, target: number): { readonly isKept: boolean; readonly text: string } {
  const [own, floor] = [costs.get(route), floorOf(costs, route)];
  const part = (own?.perSecond ?? 0) / floor.perSecond;
  const isKept = part >= target;
  return {
    isKept,
    text: `${route.name}: ${part.toFixed(2)} of ${route.floor}, target ${target}: ${isKept ? 'kept' : 'MISSED'}`,
  };
}

/** The routes of both servers that answer the same need. */
const PAIRS = [
  ['Sluice, snapshot, 304', 'Unleash, features, 304'],
  ['Sluice, snapshot, gzip', 'Unleash, features, gzip'],
  ['Sluice, OFREP, all flags', 'Unleash, front end, all flags'],
] as const;

function besideUnleash(costs: Costs): readonly string[] {
  const byName = new Map([...costs].map(([{ name }, cost]) => [name, cost]));
  return PAIRS.flatMap(([ours, theirs]) => {
    const [own, other] = [byName.get(ours), byName.get(theirs)];
    if (own === undefined || other === undefined) return [];
    return [`${ours}: ${times(own.perSecond / other.perSecond)} the requests of ${theirs}`];
  });
}

function floorOf(costs: Costs, { floor }: Route): RouteCost {
  const found = [...costs].find(([{ name }]) => name === floor)?.[1];
  if (found === undefined) throw new Error(`The floor ${floor} was not measured.`);
  return found;
}
