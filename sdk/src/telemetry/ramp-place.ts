import type { CompiledFlag, CompiledServe } from '../evaluation/compile-flag.js';

/**
 * What the ramped place of a flag serves: of the rule with this id, else of the default serve. Undefined where there is
 * no such place, and while the flag is off, for then no place decides.
 */
export function placeServe(flag: CompiledFlag, rule: string | undefined): CompiledServe | undefined {
  if (!flag.isOn) return undefined;
  return rule === undefined ? flag.otherwise : undefined;
}
