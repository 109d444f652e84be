/**
 * What one sampled call came to (VERDICTS.md 6). match: equal values, or equal errors. mismatch: different values.
 * ignored: different, and a rule or the user's `ignore` says that it does not matter. candidate_error, control_error:
 * one alone threw. both_error: both threw, different errors. timeout: the candidate did not answer before its deadline.
 * shed: the candidate was not called, to spare the caller. compare_error, clean_error: they could not be compared.
 */
export const VERDICTS = [
  'match',
  'mismatch',
  'ignored',
  'candidate_error',
  'control_error',
  'both_error',
  'timeout',
  'shed',
  'compare_error',
  'clean_error',
] as const;

export type RunVerdict = (typeof VERDICTS)[number];

const COMPARED: readonly RunVerdict[] = [
  'match',
  'ignored',
  'mismatch',
  'candidate_error',
  'control_error',
  'both_error',
];
const UNEQUAL: readonly RunVerdict[] = ['mismatch', 'candidate_error', 'control_error', 'both_error'];

/** Whether both arms came to an end and were compared: such calls are evidence. */
export function isCompared(verdict: RunVerdict): boolean {
  return COMPARED.includes(verdict);
}

/** Whether the arms were compared and are not equivalent. */
export function isUnequal(verdict: RunVerdict): boolean {
  return UNEQUAL.includes(verdict);
}
