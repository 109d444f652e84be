import {
  compileSnapshot,
  evaluate,
  type Clause,
  type Serve,
  type Snapshot,
  type SnapshotFlag,
  type SnapshotSegment,
} from '@sluice/sdk/evaluation';
import { answerByHand, answerFloor, type FloorFlag } from './floor.js';
import { compare, median, type Comparison, type Operation } from './measure.js';

const CALLS = 100_000;
const BULK_FLAGS = 1_000;
const STARTUP_FLAGS = 10_000;

const contexts = Array.from({ length: 1024 }, (_, index) => ({
  targetingKey: `user-${1_000_000 + index * 7919}`,
  country: 'CH',
  plan: 'enterprise',
  email: `person${index}@example.org`,
  age: 20 + (index % 50),
  version: '4.7.1',
}));

/** Each beside its floor, by its name. */
export const SCENARIOS: ReadonlyMap<string, () => Comparison> = new Map([
  ['S1', () => single('S1 flag on', flag('s1', { defaultServe: { variation: 'on' } }))],
  ['S2', () => single('S2 five rules, the last matches', fiveRuleFlag())],
  ['S3', () => single('S3 split 10 %', flag('s3', { defaultServe: split([10_000, 90_000]) }))],
  ['S4', () => single('S4 split in three', flag('s4', { defaultServe: split([33_000, 33_000, 34_000]) }))],
  [
    'S5',
    () =>
      single(
        'S5 segment of 10 000 keys',
        flag('s5', { rules: [ruleOf({ attribute: '', operator: 'inSegment', values: ['beta'] })] }),
      ),
  ],
  ['S6', bulk],
  ['S7', startUp],
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

function amongThousand(subject: SnapshotFlag): readonly SnapshotFlag[] {
  const others = Array.from({ length: 999 }, (_, index) =>
    flag(`other-${index}`, { defaultServe: { variation: 'on' } }),
  );
  return [...others, subject];
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

/** From text to ready: parse and compile, beside parse and a Map; bytes are those still held at the end. */
function startUp(): Comparison {
  const text = JSON.stringify(snapshotOf(mixedFlags(STARTUP_FLAGS), [betaSegment()]));
  const start = (): unknown => compileSnapshot(JSON.parse(text) as Snapshot); // safe: written two lines above
  const startFloor = (): unknown => new Map((JSON.parse(text) as Snapshot).flags.map((entry) => [entry.key, entry]));
  const timed = compare(
    'S7 start-up with 10 000 flags',
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

function mixedFlags(count: number): readonly SnapshotFlag[] {
  return Array.from({ length: count }, (_, index) => {
    const key = `flag-${index}`;
    switch (index % 4) {
      case 0:
        return flag(key, { defaultServe: { variation: 'on' } });
      case 1:
        return flag(key, { defaultServe: split([10_000, 90_000]) });
      case 2:
        return flag(key, {
          rules: [ruleOf({ attribute: 'plan', operator: 'in', values: ['pro'] })],
          defaultServe: { variation: 'off' },
        });
      default:
        return flag(key, {
          rules: [ruleOf({ attribute: 'country', operator: 'in', values: ['DE', 'AT'] })],
          defaultServe: split([33_000, 33_000, 34_000]),
        });
    }
  });
}

function fiveRuleFlag(): SnapshotFlag {
  const rules = [
    ruleOf({ attribute: 'country', operator: 'in', values: ['DE', 'AT', 'LI'] }),
    ruleOf({ attribute: 'plan', operator: 'in', values: ['free'] }),
    ruleOf({ attribute: 'email', operator: 'endsWith', values: ['@sluice.test'] }),
    ruleOf({ attribute: 'age', operator: 'lessThan', values: [18] }),
    ruleOf({ attribute: 'country', operator: 'in', values: ['CH'] }),
  ];
  return flag('s2', { rules, defaultServe: { variation: 'off' } });
}

function ruleOf(clause: Clause): SnapshotFlag['rules'][number] {
  return { id: 'rule', clauses: [clause], serve: { variation: 'on' } };
}

function split(shares: readonly number[]): Serve {
  const names = ['on', 'off', 'third'];
  return { split: { shares: shares.map((share, index) => ({ variation: names[index] ?? 'on', share })) } };
}

function flag(key: string, parts: Partial<SnapshotFlag>): SnapshotFlag {
  return {
    key,
    type: 'string',
    version: 1,
    on: true,
    variations: ['on', 'off', 'third'].map((name) => ({ key: name, value: name })),
    offVariation: 'off',
    targets: [],
    rules: [],
    prerequisites: [],
    ...parts,
  };
}

function betaSegment(): SnapshotSegment {
  const included = Array.from({ length: 10_000 }, (_, index) => `user-${1_000_000 + index * 7919}`);
  return { key: 'beta', included, excluded: [], rules: [] };
}

function snapshotOf(flags: readonly SnapshotFlag[], segments: readonly SnapshotSegment[]): Snapshot {
  return { schemaVersion: 1, project: 'bench', environment: 'bench', revision: 1, flags, segments };
}

function floorOf(flags: readonly SnapshotFlag[]): ReadonlyMap<string, FloorFlag> {
  return new Map(
    flags.map(({ key }, index) => [
      key,
      { seed: index, share: 0x2000_0000, yes: { value: 'on' }, no: { value: 'off' } },
    ]),
  );
}
