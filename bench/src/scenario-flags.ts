import type { Clause, Serve, Snapshot, SnapshotFlag, SnapshotSegment } from '@sluice/sdk/evaluation';
import type { FloorFlag } from './floor.js';

/** Whom a flag is evaluated for. */
export interface Person {
  readonly [attribute: string]: string | number;
  readonly targetingKey: string;
  readonly country: string;
  readonly plan: string;
  readonly email: string;
  readonly age: number;
  readonly version: string;
}

/** Members of the segment all, whom of the five rules the last matches alone. */
export const contexts: readonly Person[] = Array.from({ length: 1024 }, (_, index) => ({
  targetingKey: `user-${1_000_000 + index * 7919}`,
  country: 'CH',
  plan: 'enterprise',
  email: `person${index}@example.org`,
  age: 20 + (index % 50),
  version: '4.7.1',
}));

/** S1: on for everybody. */
export function steadyFlag(key: string): SnapshotFlag {
  return flag(key, { defaultServe: { variation: 'on' } });
}

/** S3: on for a tenth. */
export function splitTenPercentFlag(): SnapshotFlag {
  return flag('s3', { defaultServe: split([10_000, 90_000]) });
}

/** S4: three nearly equal parts. */
export function splitInThreeFlag(): SnapshotFlag {
  return flag('s4', { defaultServe: split([33_000, 33_000, 34_000]) });
}

/** S5: on for a segment that lists its members. */
export function segmentFlag(): SnapshotFlag {
  const rules = [ruleOf({ attribute: '', operator: 'inSegment', values: ['beta'] })];
  return flag('s5', { rules, defaultServe: { variation: 'off' } });
}

export function amongThousand(subject: SnapshotFlag): readonly SnapshotFlag[] {
  const others = Array.from({ length: 999 }, (_, index) => steadyFlag(`other-${index}`));
  return [...others, subject];
}

export function mixedFlags(count: number): readonly SnapshotFlag[] {
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

export function fiveRuleFlag(): SnapshotFlag {
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

export function betaSegment(): SnapshotSegment {
  const included = Array.from({ length: 10_000 }, (_, index) => `user-${1_000_000 + index * 7919}`);
  return { key: 'beta', included, excluded: [], rules: [] };
}

export function snapshotOf(flags: readonly SnapshotFlag[], segments: readonly SnapshotSegment[]): Snapshot {
  return { schemaVersion: 1, project: 'bench', environment: 'bench', revision: 1, flags, segments };
}

export function floorOf(flags: readonly SnapshotFlag[]): ReadonlyMap<string, FloorFlag> {
  return new Map(
    flags.map(({ key }, index) => [
      key,
      { seed: index, share: 0x2000_0000, yes: { value: 'on' }, no: { value: 'off' } },
    ]),
  );
}
