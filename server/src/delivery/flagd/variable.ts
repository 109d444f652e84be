import type { Logic } from './json-logic.js';

/** An attribute that nobody sets. */
export const NOWHERE = 'sluice~nowhere';

/** Not the caller's to set: `$flagd` is flagd's own, `$sluice` is what sync streams add to contexts. */
const TAKEN = new Set(['$flagd', '$sluice', NOWHERE]);

/** What a path meets on its way besides a context's own properties. */
const INHERITED = [Object.prototype, String.prototype, Array.prototype, Number.prototype];

/**
 * The `var` that reads an attribute of a clause or split (a key, or a JSON pointer), or why there is none: its paths
 * have dots between names and no way to escape them, and follow what texts and lists have of themselves, as `length`.
 */
export function variableOf(attribute: string): { readonly logic: Logic } | { readonly reason: string } {
  const tokens = attribute.startsWith('/')
    ? attribute
        .slice(1)
        .split('/')
        .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    : [attribute];
  const bad = tokens.find((token, index) => !isSafe(token, index, index === tokens.length - 1));
  if (bad === undefined) return { logic: { var: tokens.join('.') } };
  return { reason: `flagd cannot read the attribute "${attribute}": ${objectionTo(bad)}.` };
}

function isSafe(token: string, index: number, isLast: boolean): boolean {
  if (token === '' || /[.\\]/u.test(token)) return false;
  if (index === 0) return !TAKEN.has(token) && !(token in Object.prototype);
  if (/^\d+$/u.test(token) || token === 'length' || token === '__proto__') return false;
  // A function at the end of a path counts as absent; on the way it has properties of its own.
  return isLast || !INHERITED.some((prototype) => token in prototype);
}

function objectionTo(token: string): string {
  if (token === '') return 'its paths have no empty names';
  if (/[.\\]/u.test(token)) return 'in its paths a dot parts names, and cannot be part of one';
  if (TAKEN.has(token)) return `"${token}" is not the caller's to set`;
  return `"${token}" would also be found where nobody has set it`;
}
