import type { Snapshot, SnapshotFlag } from '@sluice/sdk/evaluation';
import { type FlagShape, type RuleShape, shapeOf } from './shape.js';

const OPERATORS = { in: 'IN', endsWith: 'STR_ENDS_WITH', lessThan: 'NUM_LT', inSegment: 'IN' } as const;

/** A flag as Unleash has it. */
export interface UnleashFeature {
  readonly name: string;
  readonly type: 'release';
  readonly enabled: boolean;
  readonly variants: readonly object[];
  readonly strategies: readonly object[];
}

/** Rules are strategies, of which any that meets a caller turns the feature on; three values are variants of those. */
export function featureOf(flag: SnapshotFlag): UnleashFeature {
  const shape = shapeOf(flag);
  const isOfThree = typeof shape.otherwise !== 'string' && shape.otherwise.length > 2;
  const on = isOfThree ? { variants: [variantOf('on', 1_000)] } : {};
  const strategies = shape.rules.map((rule) => ({ ...toEverybody(shape.key), ...conditionsOf(rule), ...on }));
  return {
    name: shape.key,
    type: 'release',
    enabled: true,
    variants: [],
    strategies: [...strategies, ...lastOf(shape)],
  };
}

/** What those get whom no rule met. */
function lastOf({ key, otherwise }: FlagShape): readonly object[] {
  if (typeof otherwise === 'string') return otherwise === 'on' ? [toEverybody(key)] : [];
  if (otherwise.length > 2) {
    const variants = otherwise.map(({ variation, percent }) => variantOf(variation, percent * 10));
    return [{ ...toEverybody(key), variants }];
  }
  const percent = otherwise.find(({ variation }) => variation === 'on')?.percent ?? 0;
  return [{ ...toEverybody(key), parameters: { rollout: String(percent), stickiness: 'userId', groupId: key } }];
}

function toEverybody(key: string) {
  const parameters = { rollout: '100', stickiness: 'userId', groupId: key };
  return { name: 'flexibleRollout', parameters, constraints: [] };
}

function variantOf(name: string, weight: number): object {
  return {
    name,
    weight,
    weightType: 'variable',
    stickiness: 'userId',
    payload: { type: 'string', value: name },
  };
}

function conditionsOf({ attribute, operator, values }: RuleShape): object {
  if (operator === 'inSegment') return { segments: [1] };
  const constraint = { contextName: attribute, operator: OPERATORS[operator], inverted: false, caseInsensitive: false };
  const texts = values.map(String);
  const compared = operator === 'lessThan' ? { values: [], value: texts[0] } : { values: texts };
  return { constraints: [{ ...constraint, ...compared }] };
}

/** The one segment there is. */
export function segmentOf({ included }: Snapshot['segments'][number]): object {
  return { id: 1, constraints: [{ contextName: 'userId', operator: 'IN', inverted: false, values: included }] };
}
