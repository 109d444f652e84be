import type { Clause } from '../../../util/clause.js';
import { formatShare } from '../../../util/share.js';
import { missingShare, type Serve } from '../../../util/split.js';

/** FlagRule of OpenAPI. */
export interface Rule {
  readonly id: string;
  readonly description: string;
  readonly clauses: readonly Clause[];
  readonly serve: Serve;
}

/** Target of OpenAPI. */
export interface Target {
  readonly variation: string;
  readonly values: readonly string[];
}

/** Prerequisite of OpenAPI. */
export interface Prerequisite {
  readonly flag: string;
  readonly variations: readonly string[];
}

/** What of a flag's settings is edited: FlagSettingsEdit of OpenAPI, whole. */
export interface ServingContent {
  readonly on: boolean;
  readonly offVariation: string | null;
  readonly defaultServe: Serve | null;
  readonly targets: readonly Target[];
  readonly rules: readonly Rule[];
  readonly prerequisites: readonly Prerequisite[];
}

/** The fields in the order in which they decide. */
export const FIELDS = ['on', 'offVariation', 'prerequisites', 'targets', 'rules', 'defaultServe'] as const;

/** The list of rules without one. */
export function withoutRule(rules: readonly Rule[], id: string): readonly Rule[] {
  return rules.filter((rule) => rule.id !== id);
}

/** The list of rules with one in its new form. */
export function withRule(rules: readonly Rule[], next: Rule): readonly Rule[] {
  return rules.map((rule) => (rule.id === next.id ? next : rule));
}

/** The keys that a variation has, and no others have then: a key is served one variation. */
export function withTargets(
  targets: readonly Target[],
  variation: string,
  values: readonly string[],
): readonly Target[] {
  const known = new Set(targets.filter((each) => each.variation === variation).flatMap((each) => each.values));
  const added = new Set(values.filter((value) => !known.has(value)));
  const others = targets.filter((each) => each.variation !== variation).map((each) => without(each, added));
  const place = targets.findIndex((each) => each.variation === variation);
  const next = { variation, values };
  return (place < 0 ? [...others, next] : others.toSpliced(place, 0, next)).filter((each) => each.values.length > 0);
}

function without(target: Target, keys: ReadonlySet<string>): Target {
  return target.values.some((value) => keys.has(value))
    ? { ...target, values: target.values.filter((value) => !keys.has(value)) }
    : target;
}

/** Why settings cannot be stored as they are, as far as it is known without asking; undefined: nothing is known. */
export function faultOf({ rules, defaultServe, prerequisites }: ServingContent): string | undefined {
  const serves = [
    ...rules.map(({ serve }, index) => ({ serve, where: `rule ${index + 1}` })),
    ...(defaultServe === null ? [] : [{ serve: defaultServe, where: 'what is served otherwise' }]),
  ];
  for (const { serve, where } of serves) {
    const missing = 'split' in serve ? missingShare(serve.split) : 0;
    if (missing > 0) return `The split of ${where} lacks ${formatShare(missing)}.`;
    if (missing < 0) return `The split of ${where} is ${formatShare(-missing)} too much.`;
  }
  const open = prerequisites.findIndex(({ flag, variations }) => flag === '' || variations.length === 0);
  return open < 0 ? undefined : `Prerequisite ${open + 1} names no flag, or no variation of it.`;
}

/** What is served, in a line: `on`, or `on 12.5 %, off 87.5 %`. */
export function servedWords(serve: Serve): string {
  if ('variation' in serve) return serve.variation;
  const served = serve.split.shares.filter(({ share }) => share > 0);
  return served.map(({ variation, share }) => `${variation} ${formatShare(share)}`).join(', ');
}

const MOST_KEYS = 200;

/**
 * Both sides of a review. Long lists of keys are told by how many there are, and by what came and went: a document of
 * fifty thousand lines tells nobody anything.
 */
export function reviewOf(before: ServingContent, after: ServingContent): readonly [unknown, unknown] {
  return [shortened(before, after), shortened(after, before)];
}

function shortened(content: ServingContent, other: ServingContent): unknown {
  const targets = content.targets.map(({ variation, values }) => {
    if (values.length <= MOST_KEYS) return { variation, values };
    const elsewhere = new Set(
      other.targets.filter((each) => each.variation === variation).flatMap((each) => each.values),
    );
    const alone = values.filter((value) => !elsewhere.has(value));
    return { variation, keys: values.length, onlyHere: alone.length, firstOfThem: alone.slice(0, MOST_KEYS) };
  });
  return { ...content, targets };
}

/** A context to try: it has what targets and rules look at, with values that they name. */
export interface ExampleContext {
  readonly name: string;
  readonly context: Readonly<Record<string, unknown>>;
}

const SOMEBODY = { targetingKey: 'user-1' };

/** Contexts by which the parts of the settings can be tried: somebody, a key that is targeted, one for each rule. */
export function exampleContexts({
  targets,
  rules,
}: Pick<ServingContent, 'targets' | 'rules'>): readonly ExampleContext[] {
  const targeted = targets[0]?.values[0];
  return [
    { name: 'Somebody', context: SOMEBODY },
    ...(targeted === undefined ? [] : [{ name: 'Targeted', context: { targetingKey: targeted } }]),
    ...rules.flatMap(({ clauses }, index) => {
      const attributes = clauses.flatMap(exampleAttribute);
      if (attributes.length === 0) return [];
      return [{ name: `Rule ${index + 1}`, context: { ...SOMEBODY, ...Object.fromEntries(attributes) } }];
    }),
  ];
}

function exampleAttribute({ attribute, operator, values, negate }: Clause): readonly [string, unknown][] {
  const [value] = values;
  const isLiteral = ['in', 'startsWith', 'endsWith', 'contains', 'lessThanOrEqual', 'greaterThanOrEqual'].includes(
    operator,
  );
  if (attribute === '' || attribute.startsWith('/') || value === undefined || negate) return [];
  return [[attribute, isLiteral ? value : exampleValue(operator, value)]];
}

function exampleValue(operator: string, value: unknown): unknown {
  if (operator === 'lessThan' && typeof value === 'number') return value - 1;
  if (operator === 'greaterThan' && typeof value === 'number') return value + 1;
  return '';
}
