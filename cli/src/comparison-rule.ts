import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';
import type { RuleEffectView } from './parallel-run-view.js';
import { parseRate } from './parse-rate.js';

/** What a rule can do; what each asks for is the server's to say. */
export const RULE_KINDS = ['ignore', 'tolerance', 'date', 'caseInsensitive', 'unordered', 'keyedBy'];

/** A rule as it was typed. */
export interface RuleWords {
  readonly kind: string;
  readonly path: string;
  readonly absolute?: string;
  readonly relative?: string;
  readonly ulps?: number;
  /** Milliseconds. */
  readonly within?: number;
  readonly field?: string;
}

/** What a rule does and where, as the API takes it. Throws a usage error for a bound that is no number. */
export function toRuleEffect({ kind, path, absolute, relative, ulps, within, field }: RuleWords): RuleEffectView {
  return {
    kind,
    path,
    ...(absolute === undefined ? {} : { absolute: numberOf(absolute) }),
    ...(relative === undefined ? {} : { relative: rateOf(relative) }),
    ...(ulps === undefined ? {} : { ulps }),
    ...(within === undefined ? {} : { withinMs: within }),
    ...(field === undefined ? {} : { field }),
  };
}

function numberOf(text: string): number {
  if (/^\d+(?:\.\d+)?(?:e[+-]?\d+)?$/iu.test(text)) return Number(text);
  throw new CommandError(EXIT.usage, `--absolute ${text}: say how far apart numbers may be, as in 0.005.`);
}

function rateOf(text: string): number {
  const rate = parseRate(text);
  if (rate !== undefined) return rate;
  throw new CommandError(EXIT.usage, `--relative ${text}: say a percentage, as in 0.1%.`);
}
