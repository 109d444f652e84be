import {
  compileSnapshot,
  evaluate,
  formatSnapshot,
  parseSnapshot,
  type Snapshot,
  type SnapshotFlag,
} from '@sluice/sdk/evaluation';
import { answerByHand, answerFloor } from './floor.js';
import { compare, median, type Comparison, type Operation } from './measure.js';
import {
  amongThousand,
  betaSegment,
  contexts,
  fiveRuleFlag,
  floorOf,
  mixedFlags,
  segmentFlag,
  snapshotOf,
  splitInThreeFlag,
  splitTenPercentFlag,
  steadyFlag,
} from './scenario-flags.js';

const CALLS = 100_000;
const BULK_FLAGS = 1_000;
const STARTUP_FLAGS = 10_000;

/** Each beside its floor, by its name. */
export const SCENARIOS: ReadonlyMap<string, () => Comparison> = new Map([
  ['S1', () => single('S1 flag on', steadyFlag('s1'))],
  ['S2', () => single('S2 five rules, the last matches', fiveRuleFlag())],
  ['S3', () => single('S3 split 10 %', splitTenPercentFlag())],
  ['S4', () => single('S4 split in three', splitInThreeFlag())],
  ['S5', () => single('S5 segment of 10 000 keys', segmentFlag())],
  ['S6', bulk],
  ['S7', startUp],
  ['S7 and all', startUpAndAll],
  ['by hand', byHand],
]);

/** For the reader's judgement, without a target: S2 beside conditions that nobody can change without a deployment. */
function byHand(): Comparison {
  const flags = amongThousand(fiveRuleFlag());
  const floorFlags = floorOf(flags);
  return compare('S2 beside the rules by hand', CALLS, evaluateOne(flags, 's2'), (count) => {
    let answers = 0;
    for (let i = 0; i < count; i += 1) {
      const context = contexts[i & 1023];
      if (context !== undefined && answerByHand(floorFlags, 's2', context) !== undefined) answers += 1;
    }
    return answers;
  });
}

/** One flag among a thousand, asked for by contexts in turn. */
function single(name: string, subject: SnapshotFlag): Comparison {
  const flags = amongThousand(subject);
  const floorFlags = floorOf(flags);
  const key = subject.key;
  return compare(name, CALLS, evaluateOne(flags, key), (count) => {
    let answers = 0;
    for (let i = 0; i < count; i += 1) {
      const context = contexts[i & 1023];
      if (context !== undefined && answerFloor(floorFlags, key, context.targetingKey) !== undefined) answers += 1;
    }
    return answers;
  });
}

/** No callback per call here or beside it: it would cost as much as what is measured. */
function evaluateOne(flags: readonly SnapshotFlag[], key: string): Operation {
  const compiled = compileSnapshot(snapshotOf(flags, [betaSegment()]));
  return (count) => {
    let answers = 0;
    for (let i = 0; i < count; i += 1) {
      const context = contexts[i & 1023];
      if (context !== undefined && evaluate(compiled, key, context).value !== undefined) answers += 1;
    }
    return answers;
  };
}

/** All of a thousand flags of mixed kinds for one context, into an array. */
function bulk(): Comparison {
  const flags = mixedFlags(BULK_FLAGS);
  const compiled = compileSnapshot(snapshotOf(flags, [betaSegment()]));
  const floorFlags = floorOf(flags);
  const keys = flags.map(({ key }) => key);
  const results = new Array<unknown>(BULK_FLAGS);
  return compare(
    'S6 all of 1 000 flags',
    200,
    (count) => {
      for (let i = 0; i < count; i += 1) {
        const context = contexts[i & 1023];
        for (let k = 0; k < BULK_FLAGS; k += 1) results[k] = evaluate(compiled, keys[k] ?? '', context);
      }
      return results.length;
    },
    (count) => {
      for (let i = 0; i < count; i += 1) {
        const targetingKey = contexts[i & 1023]?.targetingKey ?? '';
        for (let k = 0; k < BULK_FLAGS; k += 1) results[k] = answerFloor(floorFlags, keys[k] ?? '', targetingKey);
      }
      return results.length;
    },
  );
}

/**
 * From text to the first answer: parse, compile and ask, beside parse and a Map; bytes are those still held at the end.
 */
function startUp(): Comparison {
  return startBeside('S7 start-up with 10 000 flags', ['flag-3']);
}

/** For the reader's judgement, without a target: what is left for the first question, done for all flags. */
function startUpAndAll(): Comparison {
  const keys = Array.from({ length: STARTUP_FLAGS }, (_, index) => `flag-${index}`);
  return startBeside('S7 and an answer of each flag', keys);
}

function startBeside(name: string, asked: readonly string[]): Comparison {
  const snapshot = snapshotOf(mixedFlags(STARTUP_FLAGS), [betaSegment()]);
  const [text, plainText] = [formatSnapshot(snapshot), JSON.stringify(snapshot)];
  const [person] = contexts;
  const start = (): unknown => {
    const compiled = compileSnapshot(parseSnapshot(text));
    for (const key of asked) if (evaluate(compiled, key, person).value === undefined) return undefined;
    return compiled;
  };
  const startFloor = (): unknown => {
    // Written of one, above.
    const flags = new Map((JSON.parse(plainText) as Snapshot).flags.map((entry) => [entry.key, entry]));
    return asked.every((key) => flags.has(key)) ? flags : undefined;
  };
  const timed = compare(
    name,
    1,
    (n) => repeat(n, start),
    (n) => repeat(n, startFloor),
  );
  return {
    ...timed,
    ours: { ...timed.ours, bytesPerOp: heldBytes(start) },
    floor: { ...timed.floor, bytesPerOp: heldBytes(startFloor) },
  };
}

function repeat(count: number, work: () => unknown): number {
  let done = 0;
  for (let i = 0; i < count; i += 1) if (work() !== undefined) done += 1;
  return done;
}

function heldBytes(make: () => unknown): number {
  const held: unknown[] = [];
  const sizes = Array.from({ length: 5 }, () => {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    held.push(make());
    globalThis.gc?.();
    return process.memoryUsage().heapUsed - before;
  });
  return median(sizes);
}
