import { createParallelRuns, type SideEffects } from '@sluice/sdk';
import Scientist from 'scientist';
import { experiment, experimentAsync } from 'tzientist';
import {
  type Arms,
  guardedAsyncByHand,
  guardedByHand,
  offByHand,
  sampledAsyncByHand,
  sampledByHand,
} from './by-hand.js';
import { type AsyncOperation, compare, compareAsync, type Comparison, type Operation } from './measure.js';

const scientist = new Scientist();

/** Of a round: so few that it is over before the machine turns to something else. */
const CALLS = 4_000;
/** Before the rounds that count, so that the engine's compiler, which works beside, has seen all there is to see. */
const WARM_UP_CALLS = 1_000_000;
const SLOW_CALLS = 1_000;
const VISIBLE_ROUNDS = 400;
const VISIBLE_CALLS = 50;

/**
 * The baseline is a direct call through a polymorphic call site, within a caller that calls it so: several functions, so
 * that none is compiled into its place, where an addition would cost a nanosecond. Here that takes 9 ns on Node 20, as
 * where the bars come from (10 to 11), and 6 on Node 24, by which the same bars are harder. A promise is awaited by an
 * asynchronous caller, whose own promise is awaited in turn: 94 ns on Node 20 (there 83 to 90), 60 on Node 24; without
 * the caller it is 42 and 28, by which tzientist would take five times a direct await that takes two there.
 */
const controls = [(x: number) => x + 1, (x: number) => 2 + x, (x: number) => x + 3, (x: number) => x * 2] as const;
const candidates = [(x: number) => 1 + x, (x: number) => x + 2, (x: number) => 3 + x, (x: number) => 2 * x] as const;
const control = (i: number): number => controls[(i & 3) as 0 | 1 | 2 | 3](i); // of two bits
const candidate = (i: number): number => candidates[(i & 3) as 0 | 1 | 2 | 3](i); // as above
const controlAsync = async (i: number): Promise<number> => i + 1;
const candidateAsync = async (i: number): Promise<number> => 1 + i;

const off = createParallelRuns();
const others = createParallelRuns({ runs: { other: { share: 1_000 } } });
const on = createParallelRuns({
  // Nothing is shed, or a busy machine would look quick.
  settings: { share: 100_000, twinShare: 0, budget: { addedMs: 1e6, loopDelayMs: 1e6 } },
});

const direct: Operation = sum(control);
const directAwait: AsyncOperation = sumAwaited(callerOf(controlAsync));
const publish = () => undefined;

const runSync = (runs: typeof on, sideEffects: SideEffects) => (i: number) =>
  runs.parallelRun('bench', { control: () => control(i), candidate: () => candidate(i), sideEffects });
const runAsync = (runs: typeof on, sideEffects: SideEffects) => (i: number) =>
  runs.parallelRun('bench', { control: () => controlAsync(i), candidate: () => candidateAsync(i), sideEffects });

/** A call by options, as `parallelRun` has it, of one of those written by hand. */
const syncByHand = (run: (arms: SyncArms) => number) => (i: number) =>
  run({ control: () => control(i), candidate: () => candidate(i) });
const asyncByHand = (run: (arms: AsyncArms) => Promise<number>) => (i: number) =>
  run({ control: () => controlAsync(i), candidate: () => candidateAsync(i) });
type SyncArms = Arms<number>;
type AsyncArms = Arms<Promise<number>>;

interface RunScenario {
  /** What it may cost, in multiples of a direct call. */
  readonly most?: number;
  /** What it was to cost, where that is not reached. */
  readonly aim?: number;
  readonly run: () => Comparison | Promise<Comparison>;
}

/** Each beside a direct call, by its name. */
export const RUN_SCENARIOS: ReadonlyMap<string, RunScenario> = new Map(
  Object.entries<RunScenario>({
    'sync off, wrapped': { most: 1.5, run: () => sync(off.parallel('bench', control, candidate)) },
    'sync off, by options': { aim: 1.5, run: () => sync(runSync(off, 'possible')) },
    'sync off, by options, another run on': { aim: 1.5, run: () => sync(runSync(others, 'possible')) },
    'sync off, by options, by hand': { run: () => sync(syncByHand(offByHand)) },
    'sync off, tzientist': { run: () => sync(experiment(tzientistOf({ enabled: () => false }))) },
    'sync sampled, no side effects': { most: 22, run: () => sync(runSync(on, 'none')) },
    'sync sampled, guarded': { aim: 22, run: () => sync(runSync(on, 'possible')) },
    'sync sampled, no side effects, by hand': { run: () => sync(syncByHand(sampledByHand)) },
    'sync sampled, guarded, by hand': { run: () => sync(syncByHand(guardedByHand)) },
    'sync sampled, wrapped, with inputs': { run: () => sync(on.parallel('bench', control, candidate)) },
    'sync sampled, tzientist': { run: () => sync(experiment(tzientistOf({ publish }))) },
    'sync sampled, npm scientist': { run: () => sync(byScientist, SLOW_CALLS) },
    'async off, wrapped': { most: 1.3, run: () => async(off.parallel('bench', controlAsync, candidateAsync)) },
    'async off, by options': { most: 1.3, run: () => async(runAsync(off, 'possible')) },
    'async off, tzientist': { run: () => async(experimentAsync(tzientistAsyncOf({ enabled: () => false }))) },
    'async sampled, no side effects, until answered': { aim: 3.5, run: () => untilAnswered(runAsync(on, 'none')) },
    'async sampled, guarded, until answered': { aim: 3.5, run: () => untilAnswered(runAsync(on, 'possible')) },
    'async sampled, no side effects, by hand, until answered': {
      run: () => untilAnswered(asyncByHand(sampledAsyncByHand)),
    },
    'async sampled, guarded, by hand, until answered': { run: () => untilAnswered(asyncByHand(guardedAsyncByHand)) },
    'async sampled, tzientist, until answered': {
      run: () => untilAnswered(experimentAsync(tzientistAsyncOf({ publish, inParallel: true }))),
    },
    'async sampled, npm scientist, until answered': { run: () => untilAnswered(byScientistAsync) },
    'async sampled, no side effects, all of it': { run: () => async(runAsync(on, 'none')) },
    'async sampled, guarded, all of it': { run: () => async(runAsync(on, 'possible')) },
    'async sampled, tzientist, all of it': {
      run: () => async(experimentAsync(tzientistAsyncOf({ publish, inParallel: true }))),
    },
  }),
);

function sync(call: (i: number) => number, count = CALLS): Comparison {
  const ours = sum(call);
  for (let left = count === CALLS ? WARM_UP_CALLS : 0; left > 0; left -= count) ours(count);
  return compare('', count, ours, direct);
}

async function async(call: (i: number) => Promise<number>): Promise<Comparison> {
  const ours = sumAwaited(callerOf(call));
  for (let left = WARM_UP_CALLS / 4; left > 0; left -= CALLS / 4) await ours(CALLS / 4);
  return compareAsync('', CALLS / 4, ours, directAwait);
}

function sum(call: (i: number) => number): Operation {
  return (count) => {
    let total = 0;
    for (let i = 0; i < count; i += 1) total += call(i);
    return total;
  };
}

function sumAwaited(call: (i: number) => Promise<number>): AsyncOperation {
  return async (count) => {
    let total = 0;
    for (let i = 0; i < count; i += 1) total += await call(i);
    return total;
  };
}

/** As a service has it around every call: each is made by all of them in the same place. */
function callerOf(call: (i: number) => Promise<number>): (i: number) => Promise<number> {
  return async (i) => await call(i);
}

/** From the call to the caller's next line, without what is done once the caller has its answer. */
async function untilAnswered(call: (i: number) => Promise<number>): Promise<Comparison> {
  const calls = { ours: callerOf(call), floor: callerOf(controlAsync), nothing: undefined };
  const warmUp = [sumAwaited(calls.ours), sumAwaited(calls.floor)];
  for (let left = WARM_UP_CALLS / 4; left > 0; left -= CALLS / 4) for (const each of warmUp) await each(CALLS / 4);
  const quickest = { ours: Infinity, floor: Infinity, nothing: Infinity };
  for (let round = 0; round < VISIBLE_ROUNDS; round += 1) {
    for (const side of SIDES) quickest[side] = Math.min(quickest[side], await answeredNs(calls[side]));
  }
  const costOf = (side: 'ours' | 'floor') => ({ nsPerOp: quickest[side] - quickest.nothing, bytesPerOp: NaN });
  const [ours, floor] = [costOf('ours'), costOf('floor')];
  return { name: '', ours, floor, ratio: ours.nsPerOp / floor.nsPerOp };
}

const SIDES = ['ours', 'floor', 'nothing'] as const;

/** Mean nanoseconds of a round's calls, the reading of the clock among them. */
async function answeredNs(call: ((i: number) => Promise<number>) | undefined): Promise<number> {
  let spent = 0n;
  for (let i = 0; i < VISIBLE_CALLS; i += 1) {
    const start = process.hrtime.bigint();
    if (call !== undefined) await call(i);
    spent += process.hrtime.bigint() - start;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return Number(spent) / VISIBLE_CALLS;
}

function tzientistOf(options: { readonly enabled?: () => boolean; readonly publish?: () => void }) {
  return { name: 'bench', control, candidate, options };
}

function tzientistAsyncOf(options: {
  readonly enabled?: () => boolean;
  readonly publish?: () => void;
  readonly inParallel?: boolean;
}) {
  return { name: 'bench', control: controlAsync, candidate: candidateAsync, options };
}

function byScientist(i: number): number {
  return scientist.science<number>('bench', (each) => {
    each.use(() => control(i));
    each.try(() => candidate(i));
  });
}

function byScientistAsync(i: number): Promise<number> {
  return scientist.science<Promise<number>>('bench', (each) => {
    each.async(true);
    each.use(() => controlAsync(i));
    each.try(() => candidateAsync(i));
  });
}
