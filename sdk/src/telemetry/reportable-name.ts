const MAX_LENGTH = 256;
/** NUL and halves of surrogate pairs, which the control plane cannot store. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * Whether a batch may carry this as the name of a flag or an event: the control plane refuses a batch whole, so one bad
 * name would lose everything else that was counted. Callers in JavaScript pass anything.
 */
export function isReportableName(name: unknown): boolean {
  return typeof name === 'string' && name !== '' && name.length <= MAX_LENGTH && !UNSTORABLE.test(name);
}
