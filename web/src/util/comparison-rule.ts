/** What a rule can do to a difference. */
export const RULE_KINDS = ['ignore', 'tolerance', 'date', 'caseInsensitive', 'unordered', 'keyedBy'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** The bounds that a kind takes, by their names in the API. */
export const BOUNDS_OF: Readonly<Record<RuleKind, readonly BoundName[]>> = {
  ignore: [],
  tolerance: ['absolute', 'relative', 'ulps'],
  date: ['withinMs'],
  caseInsensitive: [],
  unordered: [],
  keyedBy: ['field'],
};
type BoundName = 'absolute' | 'relative' | 'ulps' | 'withinMs' | 'field';

/** A rule as it is typed: bounds are texts until it is sent. */
export interface WrittenRule {
  readonly kind: RuleKind;
  readonly path: string;
  readonly absolute: string;
  readonly relative: string;
  readonly ulps: string;
  readonly withinMs: string;
  readonly field: string;
}

export const NO_RULE: WrittenRule = {
  ...{ kind: 'ignore', path: '', absolute: '', relative: '', ulps: '', withinMs: '', field: '' },
};

/** What a rule does, as the API takes it. */
export type RuleEffect = { readonly kind: RuleKind; readonly path: string } & Readonly<
  Partial<Record<Exclude<BoundName, 'field'>, number>>
> & { readonly field?: string };

/** Bounds of other kinds are left out; a number that is none is left for the server to refuse by its absence. */
export function toEffect(rule: WrittenRule): RuleEffect {
  const bounds = BOUNDS_OF[rule.kind].flatMap((name): readonly (readonly [string, string | number])[] => {
    const text = rule[name].trim();
    if (text === '') return [];
    if (name === 'field') return [[name, text]];
    const number = Number(text);
    return Number.isFinite(number) ? [[name, number]] : [];
  });
  return { kind: rule.kind, path: rule.path.trim(), ...Object.fromEntries(bounds) };
}

interface Fault {
  readonly places: readonly { readonly path: string; readonly kind: string }[];
  readonly maxDelta: { readonly absolute: number } | null;
}

/** The narrowest rule that could explain a fault; whoever adds it says why, or narrows it further. */
export function suggestRule({ places, maxDelta }: Fault): WrittenRule {
  const [place] = places;
  if (place === undefined) return NO_RULE;
  const rule = { ...NO_RULE, path: place.path };
  if (place.kind === 'order') return { ...rule, kind: 'unordered' };
  if (place.kind === 'value' && maxDelta !== null) {
    return { ...rule, kind: 'tolerance', absolute: String(maxDelta.absolute) };
  }
  return rule;
}

type Stored = { readonly kind: string; readonly path: string } & Readonly<
  Partial<Record<BoundName, string | number | null>>
>;

/** The bounds of a rule in words: `absolute 0.005`; empty where it has none. */
export function boundWords(rule: Stored): string {
  const names: readonly BoundName[] = ['absolute', 'relative', 'ulps', 'withinMs', 'field'];
  return names
    .filter((name) => rule[name] !== null && rule[name] !== undefined)
    .map((name) => (name === 'withinMs' ? `within ${rule[name]} ms` : `${name} ${rule[name]}`))
    .join(', ');
}
