import type { FlagMetadata, FlagType, JsonValue, Rule, SnapshotFlag } from '@sluice/sdk/evaluation';

/** A flag as OpenFeature's test-flags.json writes it. */
interface TestFlag {
  readonly disabled?: boolean;
  readonly variants: Readonly<Record<string, JsonValue>>;
  readonly defaultVariant?: string | null;
  readonly flagMetadata?: FlagMetadata | null;
  readonly contextEvaluator?: string;
}

const ballmer = { attribute: 'email', operator: 'in', values: ['ballmer@macrosoft.com'] };
const isOverTen = { attribute: 'age', operator: 'greaterThan', values: [10] };

/** The expressions that test-flags.json uses, each as rules. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  "email == 'ballmer@macrosoft.com' ? 'zero' : ''": [
    { id: 'ballmer', clauses: [ballmer], serve: { variation: 'zero' } },
  ],
  // `!customer` is true for false and for nothing at all; a clause over nothing never matches, so these are two rules.
  "!customer && email == 'ballmer@macrosoft.com' && age > 10 ? 'internal' : ''": [
    {
      id: 'not-a-customer',
      clauses: [{ attribute: 'customer', operator: 'in', values: [false, 0, ''] }, ballmer, isOverTen],
      serve: { variation: 'internal' },
    },
    {
      id: 'nothing-known-of-a-customer',
      clauses: [{ attribute: 'customer', operator: 'exists', values: [], negate: true }, ballmer, isOverTen],
      serve: { variation: 'internal' },
    },
  ],
};

/** The flags of test-flags.json as Sluice writes them. Throws on an expression nobody has translated yet. */
export function toSnapshotFlags(testFlags: Readonly<Record<string, TestFlag>>): readonly SnapshotFlag[] {
  return Object.entries(testFlags).map(([key, flag]) => ({
    key,
    type: typeOf(Object.values(flag.variants)),
    version: 1,
    on: !flag.disabled,
    variations: Object.entries(flag.variants).map(([variant, value]) => ({ key: variant, value })),
    targets: [],
    rules: flag.contextEvaluator === undefined ? [] : rulesOf(flag.contextEvaluator),
    prerequisites: [],
    ...(flag.defaultVariant && { defaultServe: { variation: flag.defaultVariant } }),
    ...(flag.flagMetadata && { metadata: flag.flagMetadata }),
  }));
}

function rulesOf(expression: string): readonly Rule[] {
  const rules = RULES[expression];
  if (!rules) throw new Error(`translate this expression of test-flags.json to rules: ${expression}`);
  return rules;
}

function typeOf(values: readonly JsonValue[]): FlagType {
  const type = typeof values[0];
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'json';
}
