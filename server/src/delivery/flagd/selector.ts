import { invalid } from '../../kernel/errors.js';

/**
 * Checks which flags a client of flagd asks for: those of its token's environment, named by its key, as
 * `project/environment`, either with `flagSetId=` before it, or not at all. Throws `invalid` for any other.
 */
export function checkSelector(selector: string, flagSetId: string): void {
  const name = selector.replace(/^flagSetId=/u, '');
  const environment = flagSetId.slice(flagSetId.indexOf('/') + 1);
  if (name === '' || name === environment || name === flagSetId) return;
  throw invalid(
    'SELECTOR_UNKNOWN',
    `This token is for the flags of ${flagSetId}; leave the selector out, or use a token of what "${selector}" names.`,
  );
}
