import type { CompiledFlag, CompiledServe } from '../evaluation/compile-flag.js';
import { isAttributes } from '../evaluation/read-attribute.js';

/**
 * What the ramped place of a flag serves: of the rule with this id, else of the default serve. Undefined where there is
 * no such place, and while the flag is off, for then no place decides.
 */
export function placeServe(flag: CompiledFlag, rule: string | undefined): CompiledServe | undefined {
  if (!flag.isOn) return undefined;
  if (rule === undefined) return flag.otherwise;
  const rules = isAttributes(flag.source) ? flag.source['rules'] : undefined;
  if (!Array.isArray(rules)) return undefined;
  return flag.ruleServes[rules.findIndex((each) => isAttributes(each) && each['id'] === rule)];
}
