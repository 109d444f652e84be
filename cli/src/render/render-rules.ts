import type { RuleEffectView, RulePriceView, RuleView } from '../parallel-run-view.js';
import { formatCount, formatDuration, formatPart, formatTable } from './format.js';
import { placeWords } from './render-signatures.js';

/** Rules as a table: what does not count as a difference, whose it is, and until when. */
export function renderRules(rules: readonly RuleView[]): readonly string[] {
  const rows = rules.map((rule) => [
    rule.id,
    ruleWords(rule),
    rule.owner,
    rule.expiresAt?.slice(0, 10) ?? 'never',
    rule.reason,
  ]);
  return formatTable([['ID', 'RULE', 'OWNER', 'EXPIRES', 'REASON'], ...rows]);
}

/** `tolerance at $.items[*].price: 0.005 or 0.1 %`. */
function ruleWords({ kind, path, absolute, relative, ulps, withinMs, field }: RuleEffectView): string {
  const bounds = [
    ...(absolute === undefined ? [] : [String(absolute)]),
    ...(relative === undefined ? [] : [formatPart(relative)]),
    ...(ulps === undefined ? [] : [`${ulps} ulps`]),
    ...(withinMs === undefined ? [] : [withinMs < 1_000 ? `${withinMs} ms` : formatDuration(withinMs)]),
    ...(field === undefined ? [] : [field]),
  ];
  return `${kind} at ${path}${bounds.length === 0 ? '' : `: ${bounds.join(' or ')}`}`;
}

/** What a rule would hide: a sentence, and the signatures it touches. */
export function renderPrice(rule: RuleEffectView, price: RulePriceView): readonly string[] {
  const rows = price.signatures.flatMap(({ id, places, isCut, n, twins, excess, coverage }) => {
    const [first = '', ...more] = [...places.map(placeWords), ...(isCut ? ['and more places'] : [])];
    const figures = [formatCount(n), formatCount(twins), formatCount(excess), coverage === 'all' ? 'whole' : 'in part'];
    return [[id, ...figures, first], ...more.map((place) => ['', '', '', '', '', place])];
  });
  const head = ['SIGNATURE', 'UNEQUAL', 'NOISE', 'EXCESS', 'HIDDEN', 'WHERE'];
  return [priceSentence(rule, price), ...(rows.length === 0 ? [] : formatTable([head, ...rows]))];
}

function priceSentence(rule: RuleEffectView, { hidden, partly, mismatches }: RulePriceView): string {
  const words = ruleWords(rule);
  if (mismatches === 0) return `${words}: no mismatches were found in this epoch, so what it would hide is not known.`;
  const part = hidden === 0 ? '' : ` (${formatPart(hidden / mismatches)})`;
  const whole = `it would hide ${formatCount(hidden)} of ${formatCount(mismatches)} mismatches${part}`;
  return `${words}: ${whole}${partly === 0 ? '' : `, and something of ${formatCount(partly)} more`}.`;
}
