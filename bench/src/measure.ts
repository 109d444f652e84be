/** What one operation costs: time in the quickest round, since whatever disturbs only ever adds; median of bytes. */
export interface Cost {
  readonly nsPerOp: number;
  readonly bytesPerOp: number;
}

/** Two ways to do a thing, and what the first costs in multiples of the second. */
export interface Comparison {
  readonly name: string;
  readonly ours: Cost;
  readonly floor: Cost;
  /** Time of ours ÷ floor. */
  readonly ratio: number;
}

/** Runs `count` operations and returns something that depends on each, so that none can be optimised away. */
export type Operation = (count: number) => number;

const ROUNDS = 31;
/** Enough for the engine's compiler, which works beside, to have finished. */
const WARM_UP_ROUNDS = 20;

let sink = 0;

/** Measures two operations in turn, so that a change of the machine's pace meets both. Needs `--expose-gc` for bytes. */
export function compare(name: string, count: number, ours: Operation, floor: Operation): Comparison {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) sink += ours(count) + floor(count);
  const rounds = Array.from({ length: ROUNDS }, () => ({ ours: measure(ours, count), floor: measure(floor, count) }));
  const costOf = (side: 'ours' | 'floor'): Cost => ({
    nsPerOp: Math.min(...rounds.map((round) => round[side].nsPerOp)),
    bytesPerOp: median(rounds.map((round) => round[side].bytesPerOp)),
  });
  const costs = { ours: costOf('ours'), floor: costOf('floor') };
  return { name, ...costs, ratio: costs.ours.nsPerOp / costs.floor.nsPerOp };
}

/** The middle of the values, the upper one of two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The value below which a part of the values lies (nearest rank). */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? NaN;
}

/** A value that keeps all measured work alive; print it once. */
export function takeSink(): number {
  return sink;
}

function measure(operation: Operation, count: number): Cost {
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const start = process.hrtime.bigint();
  sink += operation(count);
  const elapsed = Number(process.hrtime.bigint() - start);
  const grown = process.memoryUsage().heapUsed - heapBefore;
  return { nsPerOp: elapsed / count, bytesPerOp: Math.max(0, grown) / count };
}

/** As `Operation`, of what takes turns of the event loop: `count` operations one after the other. */
export type AsyncOperation = (count: number) => Promise<number>;

/** As `compare`, of asynchronous operations. What they leave to be done is done between the rounds. */
export async function compareAsync(
  name: string,
  count: number,
  ours: AsyncOperation,
  floor: AsyncOperation,
): Promise<Comparison> {
  const times: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const [side, operation] of [
      ['ours', ours],
      ['floor', floor],
    ] as const) {
      globalThis.gc?.();
      const start = process.hrtime.bigint();
      sink += await operation(count);
      const elapsed = Number(process.hrtime.bigint() - start);
      await new Promise((resolve) => setImmediate(resolve));
      if (round >= 0) times[side].push(elapsed / count);
    }
  }
  const [oursNs, floorNs] = [Math.min(...times.ours), Math.min(...times.floor)];
  const costs = { ours: { nsPerOp: oursNs, bytesPerOp: NaN }, floor: { nsPerOp: floorNs, bytesPerOp: NaN } };
  return { name, ...costs, ratio: oursNs / floorNs };
}

/** What one round is to take at least, milliseconds: so long that the clock and a stop of the machine are small beside it. */
const ROUND_MS = 20;
const WARM_UP_MS = 400;

/**
 * Measures two operations in turn, each in rounds of as many calls as that takes, and answers medians. For what differs
 * too much in cost to have one number of calls; what is asynchronous may take turns of the event loop.
 */
export async function compareInTurn(
  name: string,
  rounds: number,
  ours: Operation | AsyncOperation,
  floor: Operation | AsyncOperation,
): Promise<Comparison> {
  const sides = {
    ours: { operation: ours, count: await warmUp(ours) },
    floor: { operation: floor, count: await warmUp(floor) },
  };
  const costs: Record<'ours' | 'floor', Cost[]> = { ours: [], floor: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const side of ['ours', 'floor'] as const) {
      const { operation, count } = sides[side];
      const bytesPerOp = await bytesOf(operation, Math.min(count, FEW_CALLS));
      const start = process.hrtime.bigint();
      sink += await operation(count);
      costs[side].push({ nsPerOp: Number(process.hrtime.bigint() - start) / count, bytesPerOp });
    }
  }
  const costOf = (side: 'ours' | 'floor'): Cost => ({
    nsPerOp: median(costs[side].map(({ nsPerOp }) => nsPerOp)),
    bytesPerOp: median(costs[side].map(({ bytesPerOp }) => bytesPerOp)),
  });
  const result = { ours: costOf('ours'), floor: costOf('floor') };
  return { name, ...result, ratio: result.ours.nsPerOp / result.floor.nsPerOp };
}

/** So few that nothing is collected meanwhile: what the heap grows by is then what they allocate. */
const FEW_CALLS = 20;

/** Above what looking takes. */
async function bytesOf(operation: Operation | AsyncOperation, count: number): Promise<number> {
  const growthOf = async (work: Operation | AsyncOperation): Promise<number> => {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    sink += await work(count);
    return process.memoryUsage().heapUsed - before;
  };
  const looking = await growthOf(() => count);
  return Math.max(0, (await growthOf(operation)) - looking) / count;
}

/** Runs an operation until the engine knows it; answers how many calls fill a round. */
async function warmUp(operation: Operation | AsyncOperation): Promise<number> {
  const startMs = performance.now();
  let count = 1;
  for (;;) {
    const beganMs = performance.now();
    sink += await operation(count);
    const tookMs = performance.now() - beganMs;
    if (tookMs < ROUND_MS) count *= 2;
    else if (performance.now() - startMs > WARM_UP_MS) return Math.max(1, Math.round((count * ROUND_MS) / tookMs));
  }
}
